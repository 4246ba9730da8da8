using System.Globalization;
using System.Security.Cryptography;

namespace Shop.AppHost.Hosting;

/// <summary>The folder that keeps a shop's data between starts.</summary>
internal sealed class DataDirectory(string path) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Others may not list it. If the host is root, servers of another user pass through it to their own folders.
    private const UnixFileMode Closed = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode Passable = Closed | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private FileStream? _lock;

    public string Path { get; } = path;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>
    /// Locks the folder, because two hosts must not use the same data. The operating system releases the lock when the
    /// process ends. The file keeps its one byte if the host was killed.
    /// </summary>
    /// <returns>Whether the previous host was killed. Its processes may still be running for a moment.</returns>
    public bool Take()
    {
        try
        {
            Directory.CreateDirectory(Path);
            Close(Path, Environment.IsPrivilegedProcess ? Passable : Closed);
            _lock = new FileStream(this["host.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var killed = _lock.Length > 0;
            _lock.WriteByte(1);
            _lock.Flush();
            return killed;
        }
        catch (UnauthorizedAccessException e)
        {
            throw new HostException(
                $"The data directory {Path} cannot be written: {e.Message} Choose another one with --data DIR.");
        }
        catch (IOException) when (_lock is null && Directory.Exists(Path))
        {
            throw new HostException(
                $"The data in {Path} are in use by another host. Stop it, or choose another folder with --data DIR.");
        }
    }

    /// <summary>Returns a secret that is the same on every start and that only the owner can read.</summary>
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

    /// <summary>Creates an empty folder that only the host's user can enter.</summary>
    public void Renew(string name)
    {
        Delete(name);
        Directory.CreateDirectory(this[name]);
        Close(this[name], Closed);
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

    private static void Close(string folder, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, mode);
        }
    }
}
