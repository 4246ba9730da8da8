namespace Shop.ReadModel;

/// <summary>A cursor that is not valid, or that belongs to another search.</summary>
public sealed class InvalidCursorException(string message, Exception? inner = null) : Exception(message, inner);
