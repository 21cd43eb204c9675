using StarKV.Files;
using StarKV.Input;
using StarKV.Text;
using StarKV.Weights;

namespace StarKV.Tests.Issues;

/// <summary>A git-lfs pointer or a saved error page was called damaged, with advice that could not help.</summary>
[Trait("outside", "2.13")]
public sealed class FilesThatWereNeverFetched : IDisposable
{
    private const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n";
    private const string Page = "\n<!DOCTYPE html>\n<html><head><title>404</title></head></html>";
    private const string PointerSaid = "is a git-lfs pointer, not the file itself. Run 'git lfs pull'", PageSaid = "is a web page (HTML), not the file itself";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static void Refused(string said, string name, Action read)
    {
        var error = Assert.Throws<StarKvException>(read).Message;
        Assert.Contains(name, error, StringComparison.Ordinal);
        Assert.Contains(said, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Pointer, PointerSaid)]
    [InlineData(Page, PageSaid)]
    [InlineData("\uFEFF" + Page, PageSaid)]
    [InlineData("<HTML><BODY>", PageSaid)]
    public void Each_kind_of_file_is_named_for_what_it_is(string content, string said)
    {
        _folder.Write("shot.png", content);
        Refused(said, "shot.png'", () => Screenshot.Load(_folder.File("shot.png")));

        _folder.Write("config.json", content);
        Refused(said, "config.json", () => CheckpointFolder.Open(_folder.Path).Dispose());

        _folder.Write("config.json", "{}");
        _folder.Write("model.safetensors", content);
        Refused(said, "model.safetensors", () => CheckpointFolder.Open(_folder.Path).Dispose());

        _folder.Write("tokenizer.json", content);
        Refused(said, "tokenizer.json", () => QwenTokenizer.LoadFolder(_folder.Path));

        File.Delete(_folder.File("tokenizer.json"));
        _folder.Write("tiktoken.model", content);
        Refused(said, "tiktoken.model", () => QwenTokenizer.LoadFolder(_folder.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("version 2 of my notes")]
    [InlineData("{\"html\":\"<html>\"}")]
    [InlineData("a <html> behind")]
    public void Other_files_are_not(string content) => Assert.Null(StandIn.Of(System.Text.Encoding.UTF8.GetBytes(content)));
}
