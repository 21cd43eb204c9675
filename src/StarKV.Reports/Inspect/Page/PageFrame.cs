using System.Security.Cryptography;
using System.Text;
using StarKV.Input;
using StarKV.Reports.Markup;

namespace StarKV.Reports.Inspect.Page;

/// <summary>What is around the content of a page: style, script, and the policy that allows nothing else.</summary>
internal static class PageFrame
{
    /// <summary>A whole document.</summary>
    /// <param name="title">What the page is about.</param>
    /// <param name="screens">The screenshots that its pictures refer to.</param>
    /// <param name="script">Its script; empty for none.</param>
    /// <param name="main">Its content.</param>
    public static string Of(string title, IReadOnlyList<Screenshot> screens, string script, Html main)
    {
        var scripts = script.Length == 0 ? "'none'" : HashOf(script);
        var allowed = $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
            + $"script-src {scripts}; base-uri 'none'; form-action 'none'";
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{allowed}">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="StarKV">
            <title>StarKV inspect: {title}</title>
            <style>{new Html(Resource("page.css"))}</style>
            </head>
            <body>
            {ScreenPicture.Definitions(screens)}
            <main>
            {main}
            </main>
            {(script.Length == 0 ? Html.None : Html.Of($"<script>{new Html(script)}</script>"))}
            </body>
            </html>

            """).Markup;
    }

    /// <summary>How a content policy names a script or a style that it allows.</summary>
    public static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    /// <summary>A file that is part of the page.</summary>
    public static string Resource(string name) => Resource(typeof(PageFrame).Namespace!, name);

    /// <summary>A file that is part of a page.</summary>
    /// <param name="folder">The namespace of its folder.</param>
    /// <param name="name">Its name.</param>
    public static string Resource(string folder, string name)
    {
        using var stream = typeof(PageFrame).Assembly.GetManifestResourceStream($"{folder}.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
