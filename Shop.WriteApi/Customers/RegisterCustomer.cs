using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Http;
using Shop.WriteApi.Idempotency;
using Shop.WriteApi.Database;
using Shop.WriteApi.Time;

namespace Shop.WriteApi.Customers;

internal static class RegisterCustomer
{
    private const string Insert =
        "insert into customers (id, version, name, email, country) values ($1, 1, $2, $3, $4)";

    public static async Task<IResult> HandleAsync(
        Command<CustomerRequest> command,
        IdempotencyKeys keys,
        NpgsqlDataSource database,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = command.Body;
        return await keys.RunOnceAsync(
            command.Key,
            async keep =>
            {
                var customer = new OrderCustomer(
                    Guid.CreateVersion7(clock.GetNow()), request.Name!, request.Email!, request.Country!);
                var answer = Answer.Of(
                    StatusCodes.Status201Created,
                    customer,
                    WireJson.Answers.OrderCustomer,
                    version: 1,
                    $"/customers/{customer.Id}");
                await using var batch = database.CreateBatch();
                batch.Add(keep(answer));
                batch.Add(Insert).With(customer.Id).With(customer.Name).With(customer.Email).With(customer.Country);
                await batch.CommitAsync(cancellationToken);
                return answer;
            },
            cancellationToken);
    }
}
