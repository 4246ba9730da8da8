using Shop.ServiceDefaults;
using Shop.SignIn;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddSignIn();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapSignIn();
app.Run();
