using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Shop.ReadModel.Elasticsearch.Client;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class ConnectionTests
{
    [Theory]
    [InlineData("http://localhost:9200", null, null)]
    [InlineData("http://elastic:secret@localhost:9200", "elastic", "secret")]
    [InlineData("http://elastic:_-.{}~()*+!@localhost:9200", "elastic", "_-.{}~()*+!")]
    [InlineData("http://elastic:p%40ss%3Aw%2Frd%25%23@localhost:9200", "elastic", "p@ss:w/rd%#")]
    [InlineData("http://elastic:p@ss:w/rd%#?&,;@localhost:9200", "elastic", "p@ss:w/rd%#?&,;")]
    [InlineData("http://elastic:100%@localhost:9200", "elastic", "100%")]
    [InlineData("http://us%3Aer:@localhost:9200", "us:er", "")]
    [InlineData("Endpoint=http://localhost:9200;UserName=elastic;Password='a;b=c'", "elastic", "a;b=c")]
    public void Credentials_are_taken_as_they_are_meant(string connectionString, string? userName, string? password)
    {
        var connection = ElasticsearchConnection.Parse(connectionString);

        Assert.Equal([new Uri("http://localhost:9200")], connection.Nodes);
        Assert.Equal(userName, connection.UserName);
        Assert.Equal(password, connection.Password);
    }

    [Fact]
    public void Several_nodes_share_the_credentials_of_one()
    {
        var connection = ElasticsearchConnection.Parse("https://me:a,b@one:9200, https://two:9201;https://three/es");

        Assert.Equal([new("https://one:9200"), new("https://two:9201"), new("https://three/es")], connection.Nodes);
        Assert.Equal("a,b", connection.Password);
    }

    [Fact]
    public void Key_value_pairs_name_key_and_certificate()
    {
        var connection = ElasticsearchConnection.Parse(
            "Endpoint=https://host:9200;ApiKey=a2V5==;CertificateFingerprint=ab12");

        Assert.Equal("a2V5==", connection.ApiKey);
        Assert.Equal("ab12", connection.CertificateFingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:9200")]
    [InlineData("http://user:secret@")]
    [InlineData("ApiKey=secret")]
    [InlineData("Endpoint=ftp")]
    public void A_connection_string_that_is_not_valid_is_refused_without_its_secret(string connectionString)
    {
        var exception = Assert.Throws<FormatException>(() => ElasticsearchConnection.Parse(connectionString));

        Assert.DoesNotContain("secret", exception.Message, StringComparison.Ordinal);
    }

    [Property]
    public Property Every_encoded_password_comes_back() => Prop.ForAll(
        Gen.Choose(0x20, 0x17F).Select(code => (char)code).ListOf().Select(string.Concat).ToArbitrary(),
        password =>
        {
            var url = $"http://elastic:{Uri.EscapeDataString(password)}@localhost:9200";
            return ElasticsearchConnection.Parse(url).Password == password;
        });
}
