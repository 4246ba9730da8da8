using System.Net;
using System.Text;
using System.Text.Json;
using Shop.Contracts;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Tests.Http;

/// <summary>Values at the edges of what a request may hold. docs/api.md lists the rules.</summary>
public sealed class EdgeValueTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    [Theory]
    [InlineData("LF-1%0A")]
    [InlineData("LF-2%0D%0A")]
    [InlineData("A123456789B123456789C123456789D123456789E123456789F123456789G123%0A")]
    [InlineData("A123456789B123456789C123456789D123456789E123456789F123456789G12345")]
    [InlineData("A%E2%80%8BB")]
    public async Task A_SKU_that_is_not_whole_is_refused(string sku)
    {
        var api = await fixture.GetAsync();
        var before = await api.QueryAsync<long>("select count(*) from products");

        var response = await api.PutAsync($"/products/{sku}", Product("Lighting"));

        Assert.Equal("request.invalid", await response.ReadCodeAsync(HttpStatusCode.BadRequest));
        Assert.Equal(before, await api.QueryAsync<long>("select count(*) from products"));
    }

    [Theory]
    [InlineData("email", "ada@example.com\n")]
    [InlineData("country", "GB\n")]
    [InlineData("country", "XX")]
    [InlineData("country", "gb")]
    public async Task A_customer_with_an_invalid_code_is_refused(string member, string value)
    {
        var api = await fixture.GetAsync();
        var customer = new Dictionary<string, string>
        {
            ["name"] = "Ada",
            ["email"] = "ada@example.com",
            ["country"] = "GB",
            [member] = value,
        };

        var problem = await (await api.PostAsync("/customers", customer)).ReadAsync(HttpStatusCode.BadRequest);

        Assert.True(problem.GetProperty("errors").TryGetProperty($"$.{member}", out _));
    }

    [Fact]
    public async Task A_member_that_is_given_twice_is_refused_and_one_that_is_not_known_is_ignored()
    {
        var api = await fixture.GetAsync();
        const string Customer = """{"name":"Ada","email":"ada@example.com","country":"GB",""";

        var twice = await PostAsync($$"""{{Customer}}"name":"Eve"}""");
        var problem = await twice.ReadAsync(HttpStatusCode.BadRequest);
        var unknown = await PostAsync($$"""{{Customer}}"nickname":"Eve"}""");

        var error = Assert.Single(problem.GetProperty("errors").EnumerateObject()).Value[0].GetString();
        Assert.Matches(@"\ADuplicate property 'name' \(line 1, byte [0-9]+\)\z", error);
        Assert.Equal(HttpStatusCode.Created, unknown.StatusCode);

        Task<HttpResponseMessage> PostAsync(string json) =>
            api.PostAsync("/customers", new StringContent(json, Encoding.UTF8, "application/json"));
    }

    [Theory]
    [InlineData("GB")]
    [InlineData("YU")] // Withdrawn.
    [InlineData("XK")] // Kosovo, of neither list.
    public async Task A_customer_of_any_listed_country_is_accepted(string country)
    {
        var api = await fixture.GetAsync();

        var response = await api.PostAsync("/customers", new { name = "Ada", email = "ada@example.com", country });

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData('\u200B')]
    [InlineData('\u200E')]
    [InlineData('\uFEFF')]
    [InlineData('\u202E')]
    [InlineData('\u2066')]
    [InlineData('\u00AD')]
    [InlineData('\u2028')]
    [InlineData('\u3164')]
    [InlineData('\u2065')]
    [InlineData('\uFFF0')]
    [InlineData('\uFE0F')]
    [InlineData('\u007F')]
    [InlineData('\u0301')] // A combining accent: é in another normal form.
    public async Task Invisible_characters_are_refused_in_what_identifies(char invisible)
    {
        var api = await fixture.GetAsync();
        var email = new { name = "Ada", email = $"ade{invisible}@example.com", country = "GB" };
        var payment = new { method = "card", reference = $"pae{invisible}1" };

        await (await api.PostAsync("/customers", email)).ReadCodeAsync(HttpStatusCode.BadRequest);
        await (await api.PutAsync("/products/INV-1", Product($"Lame{invisible}")))
            .ReadCodeAsync(HttpStatusCode.BadRequest);
        await (await api.PostAsync($"/orders/{Guid.CreateVersion7()}/pay", payment))
            .ReadCodeAsync(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(" \t\u00A0\u3000")]
    [InlineData("\u200B")]
    [InlineData(" \u2060\uFEFF")]
    [InlineData("\u3164")]
    [InlineData("\U000E0061")]
    [InlineData("\u2065\uFFF8")]
    public async Task A_name_in_which_nothing_is_visible_is_refused(string name)
    {
        var api = await fixture.GetAsync();

        var problem = await (await api.PostAsync("/customers", new { name, email = "a@example.com", country = "GB" }))
            .ReadAsync(HttpStatusCode.BadRequest);

        Assert.True(problem.GetProperty("errors").TryGetProperty("$.name", out _));
    }

    [Theory]
    [InlineData("limit=5%20", false)]
    [InlineData("limit=5%00", false)]
    [InlineData("limit=%2B5", false)]
    [InlineData("limit=0", false)]
    [InlineData("limit=1001", false)]
    [InlineData("limit=05&category=", true)]
    [InlineData("limit=", true)]
    public async Task A_limit_of_products_has_digits_only(string query, bool isRead)
    {
        var api = await fixture.GetAsync();

        var response = await api.SendAsync(HttpMethod.Get, $"/products?{query}");

        if (isRead)
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        else
            Assert.True((await response.ReadAsync(HttpStatusCode.BadRequest)).GetProperty("errors").TryGetProperty("limit", out _));
    }

    [Fact]
    public async Task Joiners_in_names_are_kept()
    {
        var api = await fixture.GetAsync();
        const string name = "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645";

        var response = await api.PostAsync("/customers", new { name, email = "a@example.com", country = "IR" });

        Assert.Equal(name, (await response.ReadAsync(HttpStatusCode.Created)).GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("AE", null, true)]
    [InlineData("HK", "", true)]
    [InlineData("AE", "12345", true)]
    [InlineData("IE", null, true)]
    [InlineData("DE", null, false)]
    [InlineData("GB", "", false)]
    [InlineData("GB", "SW1Y 4JH\n", false)]
    public async Task A_postal_code_is_required_where_addresses_need_one(string country, string? code, bool isValid)
    {
        var api = await fixture.GetAsync();
        var order = new
        {
            customerId = await api.CustomerAsync(),
            lines = new[] { new { sku = Given.Sku, quantity = 1 } },
            shippingAddress = new { recipient = "A", street = "B", postalCode = code, city = "C", country },
        };

        var response = await api.PostAsync("/orders", order);

        if (isValid)
        {
            var id = (await response.ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
            var address = (await api.GetJsonAsync($"/orders/{id}")).GetProperty("shippingAddress");
            Assert.Equal(code ?? "", address.GetProperty("postalCode").GetString());
        }
        else
        {
            var problem = await response.ReadAsync(HttpStatusCode.BadRequest);
            Assert.True(problem.GetProperty("errors").TryGetProperty("$.shippingAddress.postalCode", out _));
        }
    }

    [Fact]
    public async Task A_body_may_begin_with_a_byte_order_mark()
    {
        var api = await fixture.GetAsync();
        var customer = """{"name":"Ada","email":"ada@example.com","country":"GB"}"""u8.ToArray();

        var response = await api.PostAsync("/customers", Content([.. ByteOrderMark, .. customer], "application/json"));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task Each_file_of_an_import_may_begin_with_a_byte_order_mark()
    {
        var lines = await ImportAsync(ImportLine("bom-1"), ImportLine("bom-2"));

        Assert.All(lines, line => Assert.Equal("created", line.GetProperty("outcome").GetString()));
        Assert.Equal(2, lines.Count);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", false)]
    [InlineData("1969-12-31T23:59:59.9999999Z", false)]
    [InlineData("1970-01-01T00:00:00Z", true)]
    [InlineData("2025-06-01t12:00:00.123456789z", true)]
    [InlineData("2025-06-01T12:00:00+14:00", true)]
    [InlineData("2016-12-31T23:59:60Z", true)]
    [InlineData("2025-06-01T12:00:00", false)]
    [InlineData("2025-06-01", false)]
    [InlineData("9999-12-31T23:59:59Z", false)]
    public async Task The_time_of_an_import_is_one_of_RFC_3339_since_1970(string time, bool isValid)
    {
        var line = (await ImportAsync(ImportLine($"time-{time}", time)))[0];

        Assert.Equal(isValid ? "created" : "rejected", line.GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task Withdrawn_currencies_are_for_imports_only()
    {
        var api = await fixture.GetAsync();

        var line = (await ImportAsync(ImportLine("dem-1", currency: "DEM")))[0];
        var product = await api.PutAsync("/products/DEM-1", Product("Lighting", "DEM"));

        Assert.Equal("created", line.GetProperty("outcome").GetString());
        await product.ReadCodeAsync(HttpStatusCode.BadRequest);
        var order = await api.GetJsonAsync($"/orders/{line.GetProperty("id").GetGuid()}");
        Assert.Equal("DEM", order.GetProperty("total").GetProperty("currency").GetString());
    }

    [Theory]
    [InlineData(1299, "JPY", "1299 JPY")]
    [InlineData(1299, "KWD", "1.299 KWD")]
    [InlineData(1299, "RSD", "12.99 RSD")]
    [InlineData(1299, "CLF", "0.1299 CLF")]
    [InlineData(1299, "XCG", "12.99 XCG")]
    [InlineData(1299, "ITL", "1299 ITL")]
    public void Amounts_have_the_decimals_of_ISO_4217(long amount, string currency, string text) =>
        Assert.Equal(text, Currencies.Format(new Money(amount, currency)));

    private async Task<List<JsonElement>> ImportAsync(params string[] lines)
    {
        var api = await fixture.GetAsync();
        var bytes = lines.SelectMany(line => ByteOrderMark.Concat(Encoding.UTF8.GetBytes(line + "\n"))).ToArray();
        var response = await api.PostAsync("/orders/import", Content(bytes, "application/x-ndjson"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(line => line.TryGetProperty("outcome", out _))];
    }

    private static string ImportLine(string key, string placedAt = "2020-01-01T00:00:00Z", string currency = "EUR") =>
        JsonSerializer.Serialize(new
        {
            key,
            customer = new { name = "Ada", email = "ada@example.com", country = "GB" },
            lines = new[]
            {
                new { sku = "A-1", name = "Lamp", category = "Lighting", quantity = 1, unitPrice = new { amount = 1, currency } },
            },
            shippingAddress = Given.Address,
            placedAt,
            status = "placed",
        });

    private static object Product(string category, string currency = "EUR") =>
        new { name = "Lamp", category, price = new { amount = 4990, currency } };

    private static ByteArrayContent Content(byte[] bytes, string type) => new(bytes) { Headers = { { "Content-Type", type } } };
}
