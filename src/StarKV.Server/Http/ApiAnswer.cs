using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;

namespace StarKV.Server.Http;

/// <summary>Writes answers that are whole.</summary>
internal static class ApiAnswer
{
    /// <summary>Writes JSON. The type has no charset: the client of OpenAI for Node reads nothing of another one.</summary>
    public static async Task Json<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = 200)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var response = context.Response;
        (response.StatusCode, response.ContentType, response.ContentLength) = (status, "application/json", bytes.Length);
        await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Writes HTML, which no browser keeps.</summary>
    public static async Task Html(HttpContext context, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var response = context.Response;
        (response.ContentType, response.ContentLength) = ("text/html; charset=utf-8", bytes.Length);
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Writes an error.</summary>
    public static Task Error(HttpContext context, ApiException error)
    {
        foreach (var (name, value) in error.AllHeaders)
            context.Response.Headers[name] = value;
        return Json(context, ErrorBody.Of(error), ErrorJson.Default.ErrorBody, error.Status);
    }
}
