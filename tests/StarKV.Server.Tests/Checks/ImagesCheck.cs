using System.Buffers.Binary;
using System.IO.Hashing;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using SkiaSharp;
using StarKV.Server.Tests.Http;
using StarKV.Tests.Input;

namespace StarKV.Server.Tests.Checks;

/// <summary>Images that are not what they seem: each is read or refused by rule, and none takes memory that was not sent.</summary>
[Collection(ServerTests.Name)]
public sealed class ImagesCheck(ServerOfTests server)
{
    private const long MostBytes = 64 << 20;

    private static byte[] Whole => TestImages.Quarters(SKEncodedImageFormat.Png, 480, 320);

    private static byte[] Jpeg => TestImages.Quarters(SKEncodedImageFormat.Jpeg, 48, 32);

    /// <summary>A picture, and whether it is taken; of one that is not, what is said.</summary>
    private static IEnumerable<(string What, byte[] Image, string? Refused)> Images()
    {
        yield return ("a header of 30000×30000 px", Bomb(30000, 30000), "30000");
        yield return ("a header of 2147483647×1 px", Bomb(int.MaxValue, 1), "image_url");
        yield return ("a header of 0×0 px", Bomb(0, 0), "image_url");
        foreach (var share in new[] { 0.02, 0.1, 0.5, 0.9 })
            yield return ($"a PNG of which {share:0%} came", Whole[..(int)(share * Whole.Length)], "image_url");
        yield return ("a GIF", "GIF89a\u0001\0\u0001\0\0\0\0;"u8.ToArray(), "image_url");
        yield return ("text", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "image_url");
        yield return ("an animated WebP", TestImages.AnimatedWebp(), "animated");
        yield return ("an animated PNG of one frame", File.ReadAllBytes(RepositoryFiles.Path("tests", "vectors", "outside", "models", "images", "apng1.png")), null);
        yield return ("a PNG of 3×3 px", TestImages.Quarters(SKEncodedImageFormat.Png, 3, 3), "4 px or more");
        yield return ("a PNG of 2000×4 px", TestImages.Quarters(SKEncodedImageFormat.Png, 2000, 4), "200");
        yield return ("a PNG of 16 bits a channel", Deep(), null);
        for (byte orientation = 1; orientation <= 8; orientation++)
            yield return ($"a JPEG turned as {orientation}", TestImages.WithOrientation(Jpeg, orientation), null);
        yield return ("a JPEG in CMYK", JpegFile.Flat(48, 32, [255, 128, 0, 200], 0), null);
        yield return ("a JPEG in YCCK", JpegFile.Flat(48, 32, [55, 128, 128, 255], 2), null);
        yield return ("a gray JPEG", JpegFile.Flat(48, 32, [77], null), null);
        yield return ("a WebP", TestImages.Quarters(SKEncodedImageFormat.Webp, 48, 32), null);
    }

    [Fact]
    public async Task Each_is_read_or_refused_by_rule()
    {
        var (count, refused, most) = (0, 0, 0L);
        foreach (var (what, image, says) in Images())
        {
            var body = Api.Chat(new JsonObject
            {
                ["role"] = "user",
                ["content"] = new JsonArray(new JsonObject
                {
                    ["type"] = "image_url",
                    // The type is read from the bytes, whatever the address calls them.
                    ["image_url"] = new JsonObject { ["url"] = $"data:image/png;base64,{Convert.ToBase64String(image)}" },
                }),
            });
            body["max_tokens"] = 1;
            var before = GC.GetTotalAllocatedBytes(precise: true);
            using var response = await server.Client.Post("/v1/chat/completions", body);
            var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            Assert.True(allocated < MostBytes, $"{what}: {allocated} bytes");
            most = Math.Max(most, allocated);
            count++;
            if (says is null)
            {
                Assert.True(response.StatusCode == HttpStatusCode.OK, what);
                continue;
            }

            refused++;
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{what}: {response.StatusCode}");
            var error = (await response.Json()).GetProperty("error");
            Assert.Equal("invalid_image", error.GetProperty("code").GetString());
            Assert.Contains(says, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }

        CheckRun.Tell(
            "15-images", "images with huge headers, cut off, of other kinds, animated, too small, too long, of 16 bits, in CMYK, gray, turned", count,
            FormattableString.Invariant($"{refused} refused as `invalid_image` with the limit named, the others read; at most {most / 1048576.0:0.0} MiB allocated for one, client and server together"));
    }

    /// <summary>A PNG whose header promises a size, with one row of pixels.</summary>
    private static byte[] Bomb(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", [0x78, 0x9c, 0x03, 0, 0, 0, 0, 1]), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string name, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        var (length, check) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc32.HashToUInt32(named));
        return [.. length, .. named, .. check];
    }

    private static byte[] Deep()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(48, 32, SKColorType.RgbaF16, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(200, 40, 10));
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.Equal(16, data.ToArray()[24]);
        return data.ToArray();
    }
}
