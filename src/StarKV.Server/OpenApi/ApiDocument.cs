using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace StarKV.Server.OpenApi;

/// <summary>The document that describes the routes, <c>/openapi/v1.json</c>.</summary>
internal static class ApiDocument
{
    private const string Key = "key";

    /// <summary>Adds what writes it.</summary>
    public static void AddTo(IServiceCollection services)
    {
        // Answers are written by generated serializers; here their names are needed alone.
        services.ConfigureHttpJsonOptions(json =>
        {
            var options = json.SerializerOptions;
            (options.PropertyNamingPolicy, options.NumberHandling, options.RespectNullableAnnotations) =
                (JsonNamingPolicy.SnakeCaseLower, JsonNumberHandling.Strict, true);
        });
        services.AddOpenApi("v1", options =>
        {
            options.AddDocumentTransformer((document, _, _) => Head(document));
            options.AddOperationTransformer((operation, context, _) => Address(operation, context.Description.RelativePath));
            options.AddSchemaTransformer(Forms);
        });
    }

    /// <summary>Maps it, and the page that shows it, <c>/scalar</c>, which asks nobody but this server.</summary>
    public static void Map(WebApplication app)
    {
        const string route = "/openapi/{documentName}.json";
        app.MapOpenApi(route);
        app.MapScalarApiReference("/scalar", page =>
        {
            (page.Title, page.OpenApiRoutePattern) = ("StarKV", route);
            page.DisableAgent().DisableMcp().DisableTelemetry().DisableDefaultFonts().HideClientButton().HideDeveloperTools();
        });
    }

    private static Task Head(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "StarKV",
            Version = "v1",
            Description = "OpenAI's chat and responses dialects, whose conversations are KV sessions. Fields that are not described are "
                + "ignored. Each route is served without /v1 too.",
        };
        // Whoever asks for it knows the address.
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Key] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "Where the server was started with keys.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
        return Task.CompletedTask;
    }

    /// <summary>Routes take whole requests, so that nothing but their address says what that has.</summary>
    private static Task Address(OpenApiOperation operation, string? path)
    {
        if (path?.Contains("{id}", StringComparison.Ordinal) == true)
        {
            operation.Parameters =
            [
                new OpenApiParameter
                {
                    Name = "id",
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                },
            ];
        }

        return Task.CompletedTask;
    }

    /// <summary>A field of several forms has any of them; one that is only told, and never null, is not.</summary>
    private static async Task Forms(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var field = context.JsonPropertyInfo;
        if (field is { Set: null, IsGetNullable: false })
            schema.Type &= ~JsonSchemaType.Null;
        if (field?.AttributeProvider?.GetCustomAttributes(typeof(EitherAttribute), false) is not [EitherAttribute either])
            return;
        schema.AnyOf = [];
        foreach (var form in either.Forms)
            schema.AnyOf.Add(await context.GetOrCreateSchemaAsync(form, null, cancellation).ConfigureAwait(false));
    }
}
