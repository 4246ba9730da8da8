using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>
/// One server on loopback: how to prepare its folder, start it and find out whether it is up. It is started by a
/// <see cref="ServerProcess"/>, or by an orchestrator with the <see cref="Command"/>.
/// </summary>
/// <param name="directory">Its configuration and data; servers never write into the folder they were unpacked to.</param>
public abstract class LocalServer(string name, string directory)
{
    public string Name { get; } = name;

    public string Directory { get; } = directory;

    public int Port { get; } = FreePort.Next();

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{Port}";

    public abstract string ConnectionString { get; }

    public abstract ServerCommand Command { get; }

    /// <summary>The signal that ends it in order, without waiting for its clients.</summary>
    internal virtual string StopSignal => "TERM";

    /// <summary>The file whose first line is the process id of the running server.</summary>
    internal virtual string PidFile => throw new NotSupportedException($"{Name} writes no process id.");

    /// <summary>Makes what it needs in its folder before each start.</summary>
    /// <exception cref="LocalServerException">It cannot be started; the message says why.</exception>
    public abstract Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Connects as a client. Any exception means that the server is not up yet.</summary>
    public abstract Task ConnectAsync(CancellationToken cancellationToken);
}
