namespace Shop.AppHost.Hosting;

/// <summary>Something the person at the keyboard can put right: printed as it is, without a stack trace.</summary>
internal sealed class HostException(string message) : Exception(message);
