using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>Who servers run as: this user, or nobody when this user is root, as which PostgreSQL refuses to run.</summary>
internal sealed class UnprivilegedUser
{
    private const string Nobody = "65534";
    private readonly string[] _prefix;

    private UnprivilegedUser(string[] prefix) => _prefix = prefix;

    public static async Task<UnprivilegedUser> ForAsync(string directory, CancellationToken cancellationToken)
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
            if ((await LocalProcess.RunAsync([.. prefix, "test", "-x", directory], null, cancellationToken)).Succeeded)
            {
                return new(prefix);
            }
        }

        throw new HostException(
            $"Servers do not run as root, and user nobody may not enter {directory}. "
            + "Start the host as another user, or choose a folder that everyone may enter: --data DIR.");
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
}
