namespace Shop.AppHost.Hosting;

/// <summary>An error that the user can correct. It is printed without a stack trace.</summary>
internal sealed class HostException(string message) : Exception(message);
