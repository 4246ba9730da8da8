using FsCheck;
using FsCheck.Fluent;
using Shop.Contracts;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>What every store promises to the projector.</summary>
public abstract class OrderIndexContract(IOrderStores stores)
{
    [SkippableFact]
    public async Task Creating_the_schema_twice_has_no_further_effect()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order);

        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));

        Assert.NotNull(await store.GetAsync(order.Id));
    }

    [SkippableFact]
    public async Task A_document_comes_back_as_it_was_written()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New(order => order with
        {
            Status = OrderStatuses.Refunded,
            Lines = [Orders.Line("One"), Orders.Line("Two") with { Quantity = 3 }],
            Total = new(long.MaxValue, "JPY"),
            Paid = new(5, "EUR"),
            Refunded = new(4, "EUR"),
            Note = "“Quotes”, \\ and 'these', ünïcödé 👩‍👩‍👧, \u0001 and \r\n\t",
            Shipment = new("DHL", "JD014600006281230704"),
            Timeline = [new("placed", order.PlacedAt, 1), new("paid", order.PlacedAt.AddTicks(10), 2)],
        });

        await store.ApplyAsync(order);

        Assert.Equivalent(order, await store.GetAsync(order.Id), strict: true);
        Assert.Null(await store.GetAsync(Guid.CreateVersion7()));
    }

    [SkippableFact]
    public async Task A_newer_version_replaces_an_older_one()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order);

        var outcomes = await store.ApplyAsync(order.At(version: 3));

        Assert.Equal([new(order.Id, IndexResult.Applied)], outcomes);
        Assert.Equal("as of 3", (await store.GetAsync(order.Id))!.Note);
    }

    [SkippableFact]
    public async Task A_version_never_goes_back()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order.At(version: 3));

        var outcomes = await store.ApplyAsync(order.At(version: 2));

        Assert.Equal([new(order.Id, IndexResult.AlreadyNewer)], outcomes);
        Assert.Equal(3, (await store.GetAsync(order.Id))!.Version);
    }

    [SkippableFact]
    public async Task An_equal_version_is_left_alone()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order.At(version: 2, "first"));

        var outcomes = await store.ApplyAsync(order.At(version: 2, "second"));

        Assert.Equal([new(order.Id, IndexResult.AlreadyNewer)], outcomes);
        Assert.Equal("first", (await store.GetAsync(order.Id))!.Note);
    }

    [SkippableFact]
    public async Task A_repair_overwrites_an_equal_version_and_nothing_newer()
    {
        var store = await stores.CreateAsync();
        var (equal, newer, missing) = (Orders.New(), Orders.New(), Orders.New());
        await store.ApplyAsync(equal.At(version: 2, "by hand"), newer.At(version: 3, "newer"));

        var outcomes = await store.RepairAsync(
            equal.At(version: 2, "right"), newer.At(version: 2, "older"), missing.At(version: 1, "was missing"));

        Assert.Equal(
            [
                new(equal.Id, IndexResult.Applied),
                new(newer.Id, IndexResult.AlreadyNewer),
                new(missing.Id, IndexResult.Applied),
            ],
            outcomes);
        Assert.Equal("right", (await store.GetAsync(equal.Id))!.Note);
        Assert.Equal("newer", (await store.GetAsync(newer.Id))!.Note);
        Assert.Equal("was missing", (await store.GetAsync(missing.Id))!.Note);
    }

    [SkippableFact]
    public async Task A_batch_has_an_outcome_for_each_document_in_order()
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 200).Select(_ => Orders.New())];
        await store.ApplyAsync([.. orders.Where((_, i) => i % 3 == 0).Select(order => order.At(version: 2))]);

        var outcomes = await store.ApplyAsync([.. orders.Select(order => order.At(version: 2)).Reverse()]);

        Assert.Equal(
            orders.Select((order, i) => new IndexOutcome(
                order.Id, i % 3 == 0 ? IndexResult.AlreadyNewer : IndexResult.Applied)).Reverse(),
            outcomes);
        Assert.Empty(await store.ApplyAsync());
    }

    [SkippableFact]
    public async Task Removed_documents_are_gone()
    {
        var store = await stores.CreateAsync();
        var (stays, goes) = (Orders.New(), Orders.New());
        await store.ApplyAsync(stays, goes);

        await store.Index.RemoveAsync([goes.Id, Guid.CreateVersion7()], default);
        await store.MakeSearchable();

        Assert.Null(await store.GetAsync(goes.Id));
        Assert.Equal([new(stays.Id, 1)], await store.VersionsAsync());
        Assert.Single((await store.SearchAsync(Orders.All)).Orders);
    }

    [SkippableFact]
    public async Task Versions_come_in_the_order_of_ids()
    {
        var store = await stores.CreateAsync();
        // In text order, which is how an id stands on the wire, these differ from what Guid.CompareTo makes of them.
        OrderDocument[] orders =
        [
            .. Enumerable.Range(0, 300).Select(i => Orders.New(order => order with
            {
                Id = new(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i)).AsSpan(0, 16)),
                Version = i + 1,
            })),
        ];
        await store.ApplyAsync(orders);

        Assert.Equal(
            orders.Select(order => new OrderVersion(order.Id, order.Version))
                .OrderBy(version => version.Id.ToString(), StringComparer.Ordinal),
            await store.VersionsAsync());
    }

    [SkippableFact]
    public async Task Content_hashes_are_those_of_the_written_JSON_in_the_order_of_ids()
    {
        var store = await stores.CreateAsync();
        SerializedOrder[] orders =
        [
            .. Enumerable.Range(0, 1_100).Select(i => SerializedOrder.From(Orders.WithNote($"“{i}” ünïcödé 👩‍👩‍👧"))),
        ];
        await store.Index.ApplyAsync(orders, default);

        Assert.Equal(
            orders.Select(order => new StoredContent(
                    order.Id, order.Version, StoredContent.HashOf(order.Json.Span)))
                .OrderBy(content => content.Id.ToString(), StringComparer.Ordinal),
            await store.Index.ContentHashesAsync(default).ToArrayAsync());
    }

    [SkippableFact]
    public async Task Searchable_versions_leave_out_what_a_search_would_not_find()
    {
        var store = await stores.CreateAsync();
        var (known, unknown) = (Orders.New(), Guid.CreateVersion7());
        await store.ApplyAsync(known.At(version: 4));

        var versions = await store.Search.SearchableVersionsAsync([known.Id, unknown], default);

        Assert.Equal([new(known.Id, new(4, known.Customer.Id))], versions);
    }

    [SkippableFact]
    public async Task Freshness_is_the_oldest_of_all_partitions_and_never_goes_back()
    {
        var store = await stores.CreateAsync();
        var now = new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
        Assert.Null(await store.Search.ReadFreshnessAsync(default));

        await SaveAsync(new() { [0] = now, [1] = now.AddSeconds(-5) }, "relay: no heartbeats");
        Assert.Equal((now.AddSeconds(-5), "relay: no heartbeats"), await ReadAsync());

        await SaveAsync(new() { [1] = now.AddSeconds(3) }, problem: null);
        Assert.Equal((now, "relay: no heartbeats"), await ReadAsync());

        await SaveAsync(new() { [0] = now.AddSeconds(-9), [1] = null }, problem: null);
        Assert.Equal((now, null), await ReadAsync());

        async Task SaveAsync(Dictionary<int, DateTimeOffset?> asOf, string? problem)
        {
            await store.Index.SaveFreshnessAsync(new(asOf, PartitionCount: 2, now, problem), default);
            await store.MakeSearchable();
        }

        async Task<(DateTimeOffset?, string?)> ReadAsync()
        {
            var freshness = await store.Search.ReadFreshnessAsync(default);
            return (freshness!.AsOf, freshness.Problem);
        }
    }

    [SkippableFact]
    public async Task Freshness_is_unknown_while_it_is_unknown_of_one_partition()
    {
        var store = await stores.CreateAsync();
        var now = new DateTimeOffset(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);
        await SaveAsync(partitionCount: null, new() { [0] = now });
        Assert.Null((await store.Search.ReadFreshnessAsync(default))!.AsOf);
        await SaveAsync(partitionCount: 2, new() { [0] = now });
        Assert.Null((await store.Search.ReadFreshnessAsync(default))!.AsOf);
        await SaveAsync(partitionCount: null, new() { [1] = null });
        Assert.Null((await store.Search.ReadFreshnessAsync(default))!.AsOf);
        await SaveAsync(partitionCount: 2, new() { [1] = now });
        Assert.Equal(now, (await store.Search.ReadFreshnessAsync(default))!.AsOf);

        Task SaveAsync(int? partitionCount, Dictionary<int, DateTimeOffset?> asOf) =>
            store.Index.SaveFreshnessAsync(new(asOf, partitionCount, now, Problem: null), default);
    }

    [SkippableFact]
    public async Task The_store_keeps_the_first_write_database_unless_it_is_replaced()
    {
        var store = await stores.CreateAsync();
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        Assert.Equal(first, await store.Index.SaveDatabaseIdAsync(first, replaces: false, default));
        Assert.Equal(first, await store.Index.SaveDatabaseIdAsync(second, replaces: false, default));
        var now = TimeProvider.System.GetUtcNow();
        await store.Index.SaveFreshnessAsync(
            new(new Dictionary<int, DateTimeOffset?> { [0] = now }, PartitionCount: 1, now, Problem: null), default);
        Assert.Equal(first, (await store.Search.ReadFreshnessAsync(default))!.DatabaseId);

        Assert.Equal(second, await store.Index.SaveDatabaseIdAsync(second, replaces: true, default));
        Assert.Equal(second, (await store.Search.ReadFreshnessAsync(default))!.DatabaseId);
    }

    [SkippableFact]
    public async Task Any_sequence_of_writes_leaves_the_newest_of_each_order()
    {
        var store = await stores.CreateAsync();
        var write = from order in Gen.Choose(0, 2)
                    from version in Gen.Choose(1, 4)
                    from isRepair in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
                    select new Write(order, version, isRepair);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(20),
            Prop.ForAll(write.ListOf(12).ToArbitrary(), writes => HoldsAsync([.. writes]).GetAwaiter().GetResult()));

        async Task<bool> HoldsAsync(Write[] writes)
        {
            OrderDocument[] orders = [Orders.New(), Orders.New(), Orders.New()];
            Dictionary<Guid, OrderDocument> expected = [];
            foreach (var (step, write) in writes.Index())
            {
                var document = orders[write.Order].At(write.Version, $"step {step}");
                var stored = expected.GetValueOrDefault(document.Id)?.Version ?? 0;
                var wins = write.IsRepair ? document.Version >= stored : document.Version > stored;
                var outcomes = write.IsRepair
                    ? await store.Index.RepairAsync([document], default)
                    : await store.Index.ApplyAsync([document], default);
                if (wins)
                    expected[document.Id] = document;
                if (outcomes[0].Result != (wins ? IndexResult.Applied : IndexResult.AlreadyNewer))
                    return false;
            }

            await store.MakeSearchable();
            foreach (var document in expected.Values)
            {
                if ((await store.GetAsync(document.Id))!.Note != document.Note)
                    return false;
            }

            return true;
        }
    }

    private sealed record Write(int Order, int Version, bool IsRepair);
}
