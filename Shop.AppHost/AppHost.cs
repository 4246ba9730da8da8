var builder = DistributedApplication.CreateBuilder(args);

builder.AddProject<Projects.Shop_WriteApi>("write-api");

builder.Build().Run();
