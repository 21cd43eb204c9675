using System.Text;
using StarKV.Hub;
using StarKV.Weights;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A hub's list that named a file twice, or gave one hash two sizes, was followed: a file then had another length than the list said. Reliability F9.</summary>
public sealed class FilesListedTwice
{
    private static readonly HubModel s_model = HubModel.Parse("org/tiny");

    private static HubListing List(params string[] files) =>
        HubListing.Parse(Encoding.UTF8.GetBytes($$"""{"sha":"{{new string('a', 40)}}","siblings":[{{string.Join(',', files)}}]}"""), s_model);

    private static string Small(string path, int size, char hash) => $$"""{"rfilename":"{{path}}","size":{{size}},"blobId":"{{new string(hash, 40)}}"}""";

    private static string Message(Action action) => Assert.Throws<StarKvException>(action).Message;

    [Fact]
    public void A_path_stands_in_a_list_once()
    {
        Assert.Equal(
            "The hub lists for org/tiny 'config.json' more than once; nothing was fetched.",
            Message(() => List(Small("config.json", 2, 'b'), Small("tokenizer.json", 2, 'b'), Small("config.json", 2, 'b'))));
    }

    [Fact]
    public void A_hash_has_one_size()
    {
        var files = List(Small("config.json", 2, 'b'), Small("tokenizer.json", 2, 'c'), Small("vocab.json", 5, 'b')).Files;
        Assert.Equal(
            "The hub lists for org/tiny 'config.json' with 2 bytes and 'vocab.json' with 5 under one hash; nothing was fetched.",
            Message(() => HubListing.CheckSizes(files, s_model)));
        // Files of one content are no contradiction.
        HubListing.CheckSizes([files[0], files[0] with { Path = "vocab.json" }, files[1]], s_model);
    }
}
