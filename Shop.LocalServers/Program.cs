using Garnet;
using Shop.LocalServers;
using Shop.LocalServers.Machines;

switch (args)
{
    case ["garnet", .. var options]:
        var stop = new TaskCompletionSource();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => stop.TrySetResult();
        string[] password = Environment.GetEnvironmentVariable(RedisNode.PasswordVariable) is { Length: > 0 } given
            ? ["--auth", "Password", "--password", given]
            : [];
        using (var server = new GarnetServer([.. options, .. password]))
        {
            server.Start();
            await stop.Task;
        }

        return 0;
    case ["check"]:
        try
        {
            await PostgresBinaries.FindAsync(Machine.OfEnvironment(Console.WriteLine));
            return 0;
        }
        catch (LocalServerException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }

    default:
        await Console.Error.WriteLineAsync("""
            usage: Shop.LocalServers check | garnet OPTION…
              check    finds PostgreSQL, or downloads it with npm; fails if there is none
              garnet   runs Garnet with its own options
            """);
        return 2;
}
