namespace Shop.LocalServers.Machines;

/// <summary>A server cannot run, for a reason that the user can correct.</summary>
public sealed class LocalServerException(string message) : Exception(message);
