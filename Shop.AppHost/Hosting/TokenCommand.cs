using Duende.IdentityModel.Client;
using Microsoft.Extensions.Configuration;

namespace Shop.AppHost.Hosting;

/// <summary>Prints an access token of the sample sign-in of a running host, for scripts.</summary>
internal static class TokenCommand
{
    public const string Name = "token";

    private const string Role = "role";
    private const string Customer = "customer";

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var configuration = new ConfigurationBuilder()
                .AddEnvironmentVariables()
                .AddCommandLine(HostArguments.Normalize(args, Role, Customer))
                .Build();
            var role = configuration[Role]
                ?? throw new HostException("token needs --role customer, support, operator or service.");
            var token = await RequestAsync(
                ShopOptions.ReadPorts(configuration), new DataDirectory(ShopOptions.ReadData(configuration)), role,
                configuration[Customer], CancellationToken.None);
            Console.WriteLine(token);
            return 0;
        }
        catch (HostException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <param name="customer">The customer's id, if the role is that of a customer.</param>
    /// <exception cref="HostException">There is no sign-in, or it issues no such token.</exception>
    public static async Task<string> RequestAsync(
        ShopPorts ports, DataDirectory data, string role, string? customer, CancellationToken cancellationToken)
    {
        if (!File.Exists(data[SignInExtensions.ScriptsSecret]))
        {
            throw new HostException(
                $"There is no sign-in in {data.Path}. Start the host with --secure, and name its --data and --port-base.");
        }

        using var http = new HttpClient();
        using var request = new ClientCredentialsTokenRequest
        {
            Address = $"{ports.SignInAddress}connect/token",
            ClientId = "scripts",
            ClientSecret = data.Secret(SignInExtensions.ScriptsSecret),
            Scope = "shop",
        };
        request.Parameters.AddRequired("role", role);
        request.Parameters.AddOptional("customer_id", customer);
        var response = await http.RequestClientCredentialsTokenAsync(request, cancellationToken);
        return response.AccessToken ?? throw new HostException(
            $"The sign-in at {ports.SignInAddress} issued no token: {response.ErrorDescription ?? response.Error}");
    }
}
