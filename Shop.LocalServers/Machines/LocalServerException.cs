namespace Shop.LocalServers.Machines;

/// <summary>A server cannot run, for a reason that the person at the keyboard can put right.</summary>
public sealed class LocalServerException(string message) : Exception(message);
