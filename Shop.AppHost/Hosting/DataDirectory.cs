using System.Globalization;
using System.Security.Cryptography;

namespace Shop.AppHost.Hosting;

/// <summary>Where a shop keeps its data between starts.</summary>
internal sealed class DataDirectory(string path) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private FileStream? _lock;

    public string Path { get; } = path;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Two hosts on the same data would end badly. The operating system frees the file when the host dies, and its one
    /// byte stays when the host could not end in order.
    /// </summary>
    /// <returns>Whether the last host was killed, so that its processes may still be about to end.</returns>
    public bool Take()
    {
        try
        {
            Directory.CreateDirectory(Path);
            _lock = new FileStream(this["host.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var killed = _lock.Length > 0;
            _lock.WriteByte(1);
            _lock.Flush();
            return killed;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new HostException(
                $"The data directory {Path} cannot be written: {e.Message} Choose another: --data DIR.");
        }
        catch (IOException) when (_lock is null && Directory.Exists(Path))
        {
            throw new HostException(
                $"The data in {Path} are in use by another host. Stop that, or give this one its own: --data DIR.");
        }
    }

    /// <summary>The same secret on every start, readable by the owner alone.</summary>
    public string Secret(string name)
    {
        var file = this[name];
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(Path);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerOnly;
            }

            using var writer = new StreamWriter(file, options);
            writer.Write(RandomNumberGenerator.GetHexString(32, lowercase: true));
        }

        return File.ReadAllText(file);
    }

    public int ReadNumber(string name) =>
        File.Exists(this[name]) && int.TryParse(File.ReadAllText(this[name]), out var number) ? number : 0;

    public void WriteNumber(string name, int number) =>
        File.WriteAllText(this[name], number.ToString(CultureInfo.InvariantCulture));

    public void Delete(string name)
    {
        if (Directory.Exists(this[name]))
        {
            Directory.Delete(this[name], recursive: true);
        }

        File.Delete(this[name]);
    }

    public void Dispose()
    {
        _lock?.SetLength(0);
        _lock?.Dispose();
    }
}
