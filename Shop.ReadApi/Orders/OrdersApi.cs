using System.Net.Mime;
using System.Security.Claims;
using Shop.Contracts;
using Shop.ReadApi.Documents;
using Shop.ReadModel;
using Shop.ReadModel.Names;
using Shop.ReadModel.Searching;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Security;

namespace Shop.ReadApi.Orders;

internal static class OrdersApi
{
    public static void AddOrders(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new CursorCodec(CursorKey.Read(builder)));
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped(provider => ScopeOf(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext!.User));
        builder.Services.AddSingleton<OrderSuggester>();
        builder.Services.AddSingleton<NameSuggester>();
        builder.Services.AddSingleton<SearchCorrector>();
        builder.Services.AddOptions<StatisticsOptions>()
            .BindConfiguration("Statistics").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<StatisticsLimiter>();
        builder.Services.AddExceptionHandler<ReadStoreExceptionHandler>();
        builder.Services.DescribeNulls();
    }

    /// <summary>Customers see their own orders, and support all. The developer has both roles.</summary>
    private static CallerScope ScopeOf(ClaimsPrincipal user) =>
        Caller.Of(user).OnlyCustomer is { } customer ? CallerScope.Of(customer) : CallerScope.Everything;

    public static void MapOrders(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/orders").WithTags("Orders").AllowRoles(Roles.Customer, Roles.Support);
        orders.MapGet("/search", SearchOrders.HandleAsync)
            .DescribeRead(Examples.Search, canWait: true)
            .Produces<SearchResponse>()
            .WithName("SearchOrders")
            .WithSummary("Find orders by words and filters")
            .WithDescription(
                "All words must match, in any of the fields: customer, products, address and note; order number, SKU "
                + "and e-mail match as a whole. Case and accents do not matter. Values of one filter are alternatives, "
                + "different filters must all match. A facet counts orders and ignores its own filter. If nothing has the "
                + "words, one typing mistake in each is forgiven; 'corrected' has the text that was searched for.");
        orders.MapGet("/suggest", SuggestOrders.HandleAsync)
            .DescribeRead(Examples.Suggestions)
            .WithName("SuggestOrders")
            .WithSummary("Complete a text while it is typed")
            .WithDescription(
                "Customers and products whose names have all words, those with many and recent orders first, and orders "
                + "whose numbers begin with the text, from the fourth character on; each once. The id is the customer's "
                + "or order's id or the product's SKU. If nothing has the words, one typing mistake in each is forgiven; "
                + "'corrected' has the text that was completed. Customers are suggested what their own orders contain.");
        orders.MapGet("/statistics", GetStatistics.HandleAsync)
            .DescribeRead(Examples.Statistics)
            .WithName("GetStatistics")
            .WithSummary("Count the orders that a search finds and add up their totals")
            .WithDescription(
                "Text and filters are those of a search. All numbers are exact. Revenue is the sum of order totals in "
                + "minor units, whatever the status. An order with several categories counts once in each, with its "
                + "whole total. byCategory has the 1,000 most frequent categories. Requests wait for their turn; if too many "
                + "wait, the response is 429.");
        orders.MapGet("/{id:guid}", GetOrder.HandleAsync)
            .DescribeRead(Examples.Order, canWait: true)
            .Produces<OrderDocument>()
            .WithName("GetOrder")
            .WithSummary("Get one order with its timeline")
            .WithDescription("The ETag is the order's version.")
            .DescribeConditions()
            .DescribeText(MediaTypeNames.Text.Html)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status412PreconditionFailed);
    }
}
