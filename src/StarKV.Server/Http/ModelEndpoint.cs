using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;
using StarKV.Server.Wire;

namespace StarKV.Server.Http;

/// <summary>The loaded model, and by what name it may be asked for.</summary>
/// <param name="name">Its name.</param>
/// <param name="anyName">Whether every name is taken for it.</param>
/// <param name="loaded">When it was loaded.</param>
internal sealed class ModelEndpoint(string name, bool anyName, DateTimeOffset loaded)
{
    private readonly ModelCard _card = new(name, loaded.ToUnixTimeSeconds());

    /// <summary>Refuses a model that is not loaded.</summary>
    /// <exception cref="ApiException">It is not.</exception>
    public void Check(string model)
    {
        if (!anyName && model != name)
        {
            throw ApiException.NotFound(
                "model_not_found", $"The model {Shown(model)} is not loaded; {name} is. Ask for it, or start the server with --any-model.",
                "model");
        }
    }

    /// <summary><c>GET /v1/models</c>.</summary>
    public Task All(HttpContext context) => ApiAnswer.Json(context, new ModelList([_card]), WireJson.Default.ModelList);

    /// <summary><c>GET /v1/models/{id}</c>; the id may have slashes.</summary>
    public Task One(HttpContext context)
    {
        Check((string)context.Request.RouteValues["id"]!);
        return ApiAnswer.Json(context, _card, WireJson.Default.ModelCard);
    }

    private static string Shown(string model) => model.Length <= 100 ? model : string.Concat(model.AsSpan(0, 100), "…");
}
