namespace Shop.ReadModel;

/// <summary>A cursor that was not made here, not for this search, or that the store no longer takes.</summary>
public sealed class InvalidCursorException(string message, Exception? inner = null) : Exception(message, inner);
