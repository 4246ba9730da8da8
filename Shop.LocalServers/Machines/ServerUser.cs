namespace Shop.LocalServers.Machines;

/// <summary>
/// The user that runs the servers: the current one, or nobody for root, because most refuse to run as root.
/// </summary>
public sealed class ServerUser
{
    private const string Nobody = "65534";

    private const UnixFileMode OwnerOnly =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly string[] _prefix;

    private ServerUser(string[] prefix) => _prefix = prefix;

    /// <param name="folders">Folders that the user must be able to enter; null and missing ones are skipped.</param>
    /// <exception cref="LocalServerException">The user cannot enter one of the folders.</exception>
    public static async Task<ServerUser> ForAsync(params string?[] folders)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return new([]);

        string[] existing = [.. folders.OfType<string>().Where(Directory.Exists).Distinct()];
        string[] asNobody = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"];
        // The checkout may be below a folder that only root may enter. This capability lets the user nobody enter it.
        string[] withAccess = [.. asNobody, "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"];
        foreach (var prefix in (string[][])[asNobody, withAccess])
        {
            if (await MayEnterAsync(prefix, existing))
                return new(prefix);
        }

        throw new LocalServerException(
            $"Servers do not run as root, and the user nobody cannot enter {string.Join(" or ", existing)}. "
            + "Run as another user, or use folders that every user may enter (--data DIR).");
    }

    internal string[] Command(params string[] command) => [.. _prefix, .. command];

    /// <summary>
    /// Makes the user the owner of a file, or of a folder and everything in it, which nobody else can enter then.
    /// </summary>
    public async Task OwnAsync(string path)
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(path))
            File.SetUnixFileMode(path, OwnerOnly);
        if (_prefix.Length > 0)
            await LocalCommand.TryAsync(Limit, ["chown", "-R", $"{Nobody}:{Nobody}", path]);
    }

    private static async Task<bool> MayEnterAsync(string[] prefix, string[] folders)
    {
        foreach (var folder in folders)
        {
            // `test -x` ignores the capability, so the folder is entered.
            if (!(await LocalCommand.TryAsync(Limit, [.. prefix, "sh", "-c", "cd \"$0\"", folder])).Succeeded)
                return false;
        }

        return true;
    }
}
