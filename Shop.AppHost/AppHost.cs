using Shop.AppHost.Hosting;
using Shop.AppHost.SampleData;

return await ShopHost.RunAsync(args, shop =>
{
    var orders = shop.AddDatabase("orders");
    var readdb = shop.AddDatabase("readdb");
    var kafka = shop.AddKafka("kafka");
    var elasticsearch = shop.AddElasticsearch("elasticsearch");
    var redis = shop.AddRedis("redis");

    var migrations = shop.AddMigrations<Projects.Shop_Migrations>("migrations", orders, readdb);
    shop.AddSignIn<Projects.Shop_SignIn>("sign-in");

    var writeApi = shop.AddService<Projects.Shop_WriteApi>("write-api", shop.Ports.WriteApi)
        .WithDatabase(orders, DatabaseRole.Commands)
        .WithDatabase(orders, DatabaseRole.Relay, "relay")
        .WithReference(kafka).WaitFor(kafka)
        .WithPageAsOrigin(shop.Ports)
        .WaitForCompletionIfAny(migrations);

    shop.AddService<Projects.Shop_ReadApi>("read-api", shop.Ports.ReadApi)
        .WithDatabase(readdb, DatabaseRole.Reader)
        .WithElasticsearchIfAny(elasticsearch)
        .WithReferenceIfAny(redis)
        .WithPage(shop.Ports)
        .WithSignInOfPage(shop)
        .WaitForCompletionIfAny(migrations);

    shop.AddService<Projects.Shop_Projector>("projector", shop.Ports.Projector, shop.ProjectorReplicas)
        .WithDatabase(readdb, DatabaseRole.Projector)
        .WithElasticsearchIfAny(elasticsearch, mayWrite: true)
        .WithReferenceIfAny(redis)
        .WithReference(kafka).WaitFor(kafka)
        .WithReference(writeApi)
        .WithClientCredentials(shop)
        .WithPageAsOrigin(shop.Ports)
        .WaitForCompletionIfAny(migrations);

    shop.AddSampleData("sample-data", writeApi);
});
