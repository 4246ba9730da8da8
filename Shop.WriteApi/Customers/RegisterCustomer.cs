using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Idempotency;

namespace Shop.WriteApi.Customers;

internal static class RegisterCustomer
{
    private const int Attempts = 2;

    public static async Task<IResult> HandleAsync(
        Command<CustomerRequest> command,
        NpgsqlDataSource database,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = command.Body;
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (await database.FindAsync(command.Key, clock.GetNow(), cancellationToken) is { } stored)
                return stored;

            var customer = new OrderCustomer(
                Guid.CreateVersion7(clock.GetNow()), request.Name!, request.Email!, request.Country!);
            var response = JsonResponse.Of(
                StatusCodes.Status201Created,
                customer,
                CustomersJson.Wire.OrderCustomer,
                version: 1,
                $"/customers/{customer.Id}");
            if (await TrySaveAsync(database, customer, command.Key, response, clock.GetNow(), cancellationToken))
                return response;
        }

        throw RefusedException.Busy();
    }

    private static async Task<bool> TrySaveAsync(
        NpgsqlDataSource database,
        OrderCustomer customer,
        IdempotencyKey? key,
        JsonResponse response,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        if (key is not null)
            Sql.Begin().AppendInsert(new StoredResponse(key, response), now, source: "").AddTo(batch);
        batch.Add($"""
            insert into customers (id, version, name, email, country)
            values ({customer.Id}, {1L}, {customer.Name}, {customer.Email}, {customer.Country})
            """);
        try
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException exception) when (IdempotencyKeys.IsTaken(exception))
        {
            return false;
        }
    }
}
