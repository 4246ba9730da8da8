using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>Who servers run as: this user, or nobody when this user is root, as which most refuse to run.</summary>
internal sealed class UnprivilegedUser
{
    private const string Nobody = "65534";
    private readonly string[] _prefix;

    private UnprivilegedUser(string[] prefix) => _prefix = prefix;

    /// <param name="folders">What the user must be able to enter.</param>
    public static async Task<UnprivilegedUser> ForAsync(params string[] folders)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return new([]);
        }

        string[] asNobody = ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"];
        // A checkout below a folder that only root may enter: nobody gets in with this one capability.
        string[] withAccess = [.. asNobody, "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"];
        foreach (var prefix in (string[][])[asNobody, withAccess])
        {
            if (await MayEnterAsync(prefix, folders))
            {
                return new(prefix);
            }
        }

        throw new HostException(
            $"Servers do not run as root, and user nobody may not enter {string.Join(" and ", folders)}. "
            + "Start the host as another user, or choose folders that everyone may enter, as with --data DIR.");
    }

    public string[] Command(params string[] command) => [.. _prefix, .. command];

    /// <summary>Gives a file or folder, with what is in it, to the user.</summary>
    public async Task OwnAsync(string path, CancellationToken cancellationToken)
    {
        if (_prefix.Length > 0)
        {
            await LocalProcess.RunAsync(["chown", "-R", $"{Nobody}:{Nobody}", path], null, cancellationToken);
        }
    }

    private static async Task<bool> MayEnterAsync(string[] prefix, string[] folders)
    {
        foreach (var folder in folders)
        {
            // By entering it: the answer of `test -x` leaves the capability out.
            if (!(await LocalProcess.RunAsync([.. prefix, "sh", "-c", "cd \"$0\"", folder])).Succeeded)
            {
                return false;
            }
        }

        return true;
    }
}
