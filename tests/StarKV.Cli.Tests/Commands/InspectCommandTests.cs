using System.Text.Json;
using StarKV.Score;

namespace StarKV.Cli.Tests.Commands;

[Collection(InspectDemoTests.Name)]
public sealed class InspectCommandTests(InspectDemo demo)
{
    [Fact]
    public void The_json_says_what_each_cache_keeps()
    {
        var caches = demo.Json.GetProperty("caches").EnumerateArray().ToList();
        Assert.Equal(Methods.All.Count, caches.Count);
        foreach (var cache in caches)
        {
            var (kv, layers) = (cache.GetProperty("kv"), cache.GetProperty("keptTokensPerLayer").EnumerateArray().ToList());
            Assert.Equal(8, layers.Count);
            // Classes add up to the rows of each layer, and so do the tokens that are listed.
            Assert.Equal(
                kv.GetProperty("rowsPerLayer").EnumerateArray().Select(r => (double)r.GetInt32()),
                layers.Select(l => Math.Round(l.GetProperty("ofClass").EnumerateObject().Sum(c => c.Value.GetDouble()), 3)));
            Assert.Equal(
                kv.GetProperty("rowsPerLayer").EnumerateArray().Select(r => r.GetInt32()),
                cache.GetProperty("keptTokens").EnumerateArray().Select(l => Tokens(l[0]).Count()));
            Assert.All(layers, l => Assert.Equal(l.GetProperty("ofClass").GetProperty("vision").GetDouble(), l.GetProperty("ofFrame")[0].GetDouble()));
            Assert.Equal(384, cache.GetProperty("keptShareOfCells")[0].GetArrayLength());
        }

        Assert.Equal([440.0, 333, 67, 53], demo.Json.GetProperty("targetPixels").EnumerateArray().Select(v => v.GetDouble()));
        Assert.Equal(409, demo.Json.GetProperty("prompt").GetProperty("tokens").GetInt32());
    }

    [Fact]
    public void The_target_s_survival_follows_from_the_tokens_that_are_listed()
    {
        var frame = demo.Json.GetProperty("prompt").GetProperty("frames")[0];
        var (first, columns) = (frame.GetProperty("firstToken").GetInt32(), frame.GetProperty("columns").GetInt32());
        // The target, 440,333 to 507,386 px: cells of 28 px in rows 11 to 13, columns 15 to 18.
        var target = from row in Enumerable.Range(11, 3) from column in Enumerable.Range(15, 4) select first + row * columns + column;
        foreach (var cache in demo.Json.GetProperty("caches").EnumerateArray())
        {
            var survival = cache.GetProperty("targetKeptShare").GetProperty("perLayer").EnumerateArray().Select(v => v.GetDouble()).ToList();
            var expected = cache.GetProperty("keptTokens").EnumerateArray().Select(layer => layer.EnumerateArray().Average(list => Tokens(list).Intersect(target).Count() / 12.0));
            Assert.All(expected.Zip(survival), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Fact]
    public void At_equal_bytes_no_method_holds_more_than_its_share()
    {
        Assert.Equal("bytes", demo.HistoryJson.GetProperty("match").GetString());
        var caches = demo.HistoryJson.GetProperty("caches").EnumerateArray().ToList();
        Assert.Equal(
            ["star-kv 10%", "star-kv 30%", "snapkv:granularity=query-head 10%", "snapkv:granularity=query-head 30%", "full"],
            caches.Select(c => $"{c.GetProperty("method").GetString()} {(c.TryGetProperty("keep", out var keep) ? keep.GetString() : "")}".TrimEnd()));
        foreach (var (groups, copies) in new[] { (0, 2), (1, 3) })
        {
            var (held, wanted) = (Bytes(copies), Bytes(groups));
            Assert.InRange(held, wanted - wanted / 100, wanted);
            // One list for all heads, and one for each of the six query heads.
            Assert.Equal((1, 6), (caches[groups].GetProperty("keptTokens")[0].GetArrayLength(), caches[copies].GetProperty("keptTokens")[0].GetArrayLength()));
        }

        long Bytes(int cache) => caches[cache].GetProperty("kv").GetProperty("bytes").GetInt64();
    }

    [Fact]
    public void Pairs_differ_in_one_thing_or_were_asked_for() => Assert.Equal(
        [
            "star-kv, keep 10% | star-kv, keep 30%",
            "star-kv, keep 10% | snapkv:granularity=query-head, keep 10%",
            "star-kv, keep 30% | snapkv:granularity=query-head, keep 10%",
            "star-kv, keep 30% | snapkv:granularity=query-head, keep 30%",
            "snapkv:granularity=query-head, keep 10% | snapkv:granularity=query-head, keep 30%",
        ],
        demo.HistoryJson.GetProperty("differences").EnumerateArray().Select(d => $"{d.GetProperty("first").GetString()} | {d.GetProperty("second").GetString()}"));

    [Fact]
    public async Task Without_json_a_table_and_the_page_s_name()
    {
        using var folder = new TempFolder();
        var run = await CommandRun.Of("inspect", "--device", "cpu", "--method", "random,streaming-llm", "--keep", "40t", "--out", folder.File("page.html"));
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("random, keep 40t", run.Out, StringComparison.Ordinal);
        Assert.Contains(folder.File("page.html"), run.Out, StringComparison.Ordinal);
        Assert.Equal(["page.html"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("--method", "snap", "'snap'")]
    [InlineData("--method", "snapkv:window", "--method snapkv:window: window is not of the form name=value")]
    [InlineData("--method", ",", "no method")]
    [InlineData("--keep", "1", "1% or 100%")]
    [InlineData("--box", "1,2,3", "x,y,width,height")]
    [InlineData("--box", "600,400,100,10", "672×448 px")]
    [InlineData("--instruction", "Click", "both --image and --instruction")]
    [InlineData("--match", "rows", "tokens or bytes")]
    public async Task Wrong_options_are_refused(string option, string value, string said) =>
        (await CommandRun.Of("inspect", "--device", "cpu", "--out", Path.Combine(Path.GetTempPath(), "starkv-nowhere", "page.html"), option, value)).Refused(said);

    [Fact]
    public async Task A_difference_of_caches_that_are_not_there_names_those_that_are()
    {
        (await CommandRun.Of("inspect", "--keep", "10%,20%", "--method", "snapkv,full", "--difference", "snapkv@30%", "full")).Refused("'snapkv@30%'", "snapkv@10%, snapkv@20%, full");
        (await CommandRun.Of("inspect", "--difference", "snapkv", "snapkv")).Refused("same cache twice");
    }

    [Fact]
    public async Task Too_few_bytes_for_the_copies_are_told() =>
        (await CommandRun.Of("inspect", "--device", "cpu", "--match", "bytes", "--keep", "2t", "--method", "snapkv:granularity=query-head")).Refused("copies", "granularity=kv-head");

    private static IEnumerable<int> Tokens(JsonElement ranges) => ranges.GetString()!.Split(',')
        .Select(range => range.Split('-').Select(int.Parse).ToArray())
        .SelectMany(ends => Enumerable.Range(ends[0], ends[^1] - ends[0] + 1));
}
