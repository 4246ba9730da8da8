namespace Shop.ReadModel;

/// <summary>What is written to a store: an <see cref="OrderDocument"/>, or the JSON of one.</summary>
public interface IProjectedOrder
{
    Guid Id { get; }

    long Version { get; }

    OrderDocument Document { get; }
}
