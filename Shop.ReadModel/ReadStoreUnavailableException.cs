namespace Shop.ReadModel;

/// <summary>The read store did not respond in time, or returned only part of the result. A retry may succeed.</summary>
public sealed class ReadStoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
