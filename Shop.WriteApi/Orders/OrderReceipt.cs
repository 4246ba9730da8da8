using Shop.Contracts;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

/// <summary>What a command on an order answers; id and version are what a reader waits for.</summary>
internal sealed record OrderReceipt(Guid Id, string Number, string Status, long Version, Money Total)
{
    public static Answer Created(Order order) =>
        AnswerOf(order, StatusCodes.Status201Created, $"/orders/{order.State.Id}");

    public static Answer Ok(Order order) => AnswerOf(order, StatusCodes.Status200OK, location: null);

    private static Answer AnswerOf(Order order, int status, string? location)
    {
        var state = order.State;
        var receipt = new OrderReceipt(state.Id, state.Number, state.Status, state.Version, state.Total);
        return Answer.Of(status, receipt, WireJson.Answers.OrderReceipt, state.Version, location);
    }
}
