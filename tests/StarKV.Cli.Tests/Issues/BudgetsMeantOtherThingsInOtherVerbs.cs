using StarKV.Cli.Commands;

namespace StarKV.Cli.Tests.Issues;

/// <summary><c>--keep 20</c> was 20 % in <c>eval</c> and 2000 % in <c>ground</c> and <c>inspect</c>.</summary>
public sealed class BudgetsMeantOtherThingsInOtherVerbs : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Twenty_is_20_percent_in_ground_and_inspect()
    {
        var model = RepositoryFiles.Path("models", "mini");
        var ground = await CommandRun.Of(
            "ground", "--model", model, "--image", Path.Combine(model, "demo", "screenshot.png"), "--instruction", "Select \"Columns\"", "--keep", "20", "--device", "cpu", "--json");
        Assert.Equal("20%", ground.Json.GetProperty("keep").GetString());
        var inspect = await CommandRun.Of("inspect", "--method", "snapkv", "--keep", "5,20", "--device", "cpu", "--json", "--out", _folder.File("page.html"));
        Assert.Equal(["5%", "20%"], inspect.Json.GetProperty("caches").EnumerateArray().Select(c => c.GetProperty("keep").GetString()));
    }

    [Fact]
    public void Every_verb_has_the_same_list_in_eval_and_bench() =>
        Assert.Equal(["1%", "3%", "20%", "512t"], CompressionList.Read(["snapkv"], "1,3,20,512t").Select(c => c.Budget.ToString()));

    [Theory]
    [InlineData("ground --model x --image SCREEN --instruction go --keep 1")]
    [InlineData("inspect --keep 1")]
    [InlineData("eval minigui --keep 1")]
    [InlineData("starkv-bench prefill --model x --keep 1")]
    [InlineData("starkv-bench select --keep 1")]
    [InlineData("starkv-bench answers --keep 1")]
    public async Task One_is_refused_alike_by_all_that_take_a_budget(string line) => await Refused(line, "keep '1' may mean 1 % or everything; write 1% or 100%");

    [Theory]
    [InlineData("ground --model x --image SCREEN --instruction go --keep 512")]
    [InlineData("inspect --keep 20,512")]
    [InlineData("eval minigui --keep 512")]
    [InlineData("starkv-bench decode --model x --keep 512")]
    [InlineData("starkv-bench select --keep 512")]
    public async Task A_number_of_tokens_without_its_t_is_told_how_to_write_it(string line) => await Refused(line, "write 512t");

    private static async Task Refused(string line, string said) =>
        (await CommandRun.Of([.. line.Split(' ').Select(w => w == "SCREEN" ? RepositoryFiles.Path("models", "mini", "demo", "screenshot.png") : w)])).Refused(said);
}
