using System.Security.Cryptography;
using System.Text.Json;
using StarKV.Input;

namespace StarKV.Conformance;

/// <summary>Resampled grey images and preprocessed colour images, from formulas written in the file.</summary>
internal sealed class PreprocessVectorCases : IVectorKind
{
    /// <inheritdoc/>
    public bool Recognises(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty("bicubic_gray", out _) && root.TryGetProperty("preprocess", out _);

    /// <inheritdoc/>
    public IEnumerable<CaseResult> Run(string path, JsonElement root) =>
        [
            .. root.Member("bicubic_gray")
            .Each("cases", "bicubic", (item, _) => item.Member("source").ToString(), (item, _) => Bicubic(item)),
            .. root.Member("preprocess")
            .Each("cases", "preprocess", (item, _) => item.Member("size").ToString(), (item, _) => Preprocess(item)),
        ];

    private static CaseResult Bicubic(JsonElement item)
    {
        var ((width, height), (toWidth, toHeight)) = (item.Size("source"), item.Size("target"));
        var got = BicubicResampler.Resize(Bytes(item.Member("pixels")), width, height, toWidth, toHeight, channels: 1);
        var want = Bytes(item.Member("result"));
        var at = got.AsSpan().CommonPrefixLength(want);
        return CaseResult.Of("bicubic", $"{width}x{height} to {toWidth}x{toHeight}",
            at == want.Length ? null : $"pixel ({at % toWidth}, {at / toWidth}) is {got[at]}, want {want[at]}");
    }

    private static CaseResult Preprocess(JsonElement item)
    {
        var (width, height) = item.Size("size");
        return CaseResult.Of("preprocess", $"{width}x{height}", FirstDifference(Drawn(width, height).ForModel(SmartResize.Default), item));
    }

    private static string? FirstDifference(ModelImage image, JsonElement item)
    {
        if ((image.Width, image.Height) != item.Size("resized"))
            return $"resized to {image.Width}×{image.Height}, want {item.Member("resized")}";
        if (item.Member("grid_thw").Longs() is not [1, var high, var wide] || (high, wide) != (image.Grid.Height, image.Grid.Width))
            return $"grid [1, {image.Grid.Height}, {image.Grid.Width}], want {item.Member("grid_thw")}";
        if (image.Grid.Tokens != item.Whole("image_tokens"))
            return $"{image.Grid.Tokens} tokens, want {item.Member("image_tokens")}";
        if (!image.Rgb.AsSpan().StartsWith(Bytes(item.Member("resized_first_pixels"))))
            return "the first pixels differ";
        if (!image.Rgb.AsSpan().EndsWith([.. item.List("resized_last_pixel").Select(v => v.GetByte())]))
            return "the last pixel differs";
        if (Convert.ToHexStringLower(SHA256.HashData(image.Rgb)) != item.Text("sha256_resized_rgb"))
            return "the SHA-256 of the resized pixels differs";

        Span<float> row = new float[PatchMatrix.RowLength];
        foreach (var sample in item.List("samples"))
        {
            var (r, column) = (sample.Whole("row"), sample.Whole("column"));
            PatchMatrix.WriteRow(image, r, row);
            if (Math.Abs(row[column] - sample.Number("value")) > 2e-6)
                return $"row {r} column {column} is {row[column]:R}, want {sample.Member("value")}";
        }

        return null;
    }

    private static Screenshot Drawn(int width, int height)
    {
        var rgb = new byte[width * height * 3];
        for (var (y, i) = (0, 0); y < height; y++)
            for (var x = 0; x < width; x++)
            {
                rgb[i++] = (byte)(7 * x + 13 * y);
                rgb[i++] = (byte)(29 * x + 3 * y + 40);
                rgb[i++] = (byte)(x * x + 17 * y);
            }

        return Screenshot.FromRgb(rgb, width, height);
    }

    private static byte[] Bytes(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(v => v.GetByte())];
}
