using Shop.AppHost.Hosting;
using Shop.AppHost.SampleData;

return await ShopHost.RunAsync(args, shop =>
{
    var orders = shop.AddDatabase("orders");
    var readdb = shop.AddDatabase("readdb");
    var kafka = shop.AddKafka("kafka");
    var elasticsearch = shop.AddElasticsearch("elasticsearch");
    var redis = shop.AddRedis("redis");

    var writeApi = shop.AddService<Projects.Shop_WriteApi>("write-api", shop.Ports.WriteApi)
        .WithReference(orders).WaitFor(orders)
        .WithReference(kafka).WaitFor(kafka)
        .WithPageAsOrigin(shop.Ports);

    shop.AddService<Projects.Shop_ReadApi>("read-api", shop.Ports.ReadApi)
        .WithReference(readdb).WaitFor(readdb)
        .WithReferenceIfAny(elasticsearch)
        .WithReferenceIfAny(redis)
        .WithPage(shop.Ports);

    shop.AddService<Projects.Shop_Projector>("projector", shop.Ports.Projector, shop.ProjectorReplicas)
        .WithReference(readdb).WaitFor(readdb)
        .WithReferenceIfAny(elasticsearch)
        .WithReferenceIfAny(redis)
        .WithReference(kafka).WaitFor(kafka)
        .WithReference(writeApi)
        .WithPageAsOrigin(shop.Ports);

    shop.AddSampleData("sample-data", writeApi);
});
