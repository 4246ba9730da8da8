namespace Shop.AppHost.Hosting;

/// <summary>An error that the person at the keyboard can correct; printed without a stack trace.</summary>
internal sealed class HostException(string message) : Exception(message);
