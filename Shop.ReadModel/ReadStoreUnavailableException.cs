namespace Shop.ReadModel;

/// <summary>The read store did not answer, or not in time, or answered for a part only. Trying again may help.</summary>
public sealed class ReadStoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
