using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>
/// A server on loopback. Prepares the server's folder, provides the command to start it and checks whether it is up. A
/// <see cref="ServerProcess"/> starts it, or an orchestrator with the <see cref="Command"/>.
/// </summary>
/// <param name="directory">The folder for configuration and data. A server never writes to its distribution.</param>
public abstract class LocalServer(string name, string directory)
{
    public string Name { get; } = name;

    public string Directory { get; } = directory;

    public int Port { get; } = FreePort.Next();

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{Port}";

    public abstract string ConnectionString { get; }

    public abstract ServerCommand Command { get; }

    /// <summary>The signal for an orderly shutdown that does not wait for clients.</summary>
    internal virtual string StopSignal => "TERM";

    /// <summary>The file whose first line is the process id of the running server.</summary>
    internal virtual string PidFile => throw new NotSupportedException($"{Name} writes no file with its process id.");

    /// <summary>Creates what the server needs in its folder. Called before each start.</summary>
    /// <exception cref="LocalServerException">The server cannot be started; the message says why.</exception>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>What the preparation waits for and what a person can do; null if it waits for no program.</summary>
    public string? Awaited { get; private set; }

    /// <summary>Connects as a client. Any exception means that the server is not up yet.</summary>
    public abstract Task ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Runs a program of the preparation to its end.</summary>
    /// <exception cref="LocalServerException">The program failed.</exception>
    private protected async Task RunAsync(
        PreparingProgram program, ServerCommand command, string input, CancellationToken cancellationToken)
    {
        Awaited = $"{Name} waits for {program.Path}, which prepares {Directory} and has not ended. A slow disk or a virus "
            + $"scanner may hold it up. {program.Setting} selects another one.";
        try
        {
            await LocalCommand.MustSucceedAsync(command, input, cancellationToken);
        }
        finally
        {
            Awaited = null;
        }
    }
}

/// <param name="Setting">The setting that selects another one.</param>
internal sealed record PreparingProgram(string Path, string Setting);
