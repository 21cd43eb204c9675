using StarKV.Score;
using StarKV.Tests.Models.OpenCua;

namespace StarKV.Cli.Tests.Commands;

/// <summary><c>starkv ground</c> on an OpenCUA folder whose weights say one click.</summary>
public sealed class GroundOpenCuaTests(GroundOpenCuaTests.Files files) : IClassFixture<GroundOpenCuaTests.Files>
{
    public static TheoryData<string> EveryMethod { get; } = new(Methods.All.Select(m => m.Name));

    private Task<CommandRun> Ground(params string[] more) => CommandRun.Of(
        ["ground", "--device", "cpu", "--model", files.Checkpoint.Folder, "--image", files.Image, files.Image, "--instruction", "Open the settings", .. more]);

    [Theory]
    [MemberData(nameof(EveryMethod))]
    public async Task Every_method_gives_the_action_in_the_screen_s_own_pixels(string method)
    {
        var run = await Ground("--method", method, "--keep", "40%", "--json");
        Assert.DoesNotContain("starkv: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal("pyautogui.click(42, 83)", run.Json.GetProperty("answer").GetString());
        Assert.Equal("click", run.Json.GetProperty("action").GetProperty("name").GetString());
        // The model saw 112×84 px of a screen of 100×90.
        Assert.Equal([38, 89], run.Json.GetProperty("action").GetProperty("point").EnumerateArray().Select(n => n.GetInt32()));
        var kv = run.Json.GetProperty("kv");
        Assert.Equal(method == "full", kv.GetProperty("bytes").GetInt64() == kv.GetProperty("fullBytes").GetInt64());
    }

    [Fact]
    public async Task A_level_is_chosen_by_name_and_an_unknown_one_lists_the_known()
    {
        var run = await Ground("--prompt", "opencua.l2", "--past-action", "Thought:\nWait.\n\nAction:\nWait.\n\n```python\ncomputer.wait()\n```");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains("click (38,89)", run.Out, StringComparison.Ordinal);
        (await Ground("--prompt", "opencua.l4")).Refused("opencua.l4", "opencua.l1, opencua.l1_short, opencua.l2");
    }

    public sealed class Files : IDisposable
    {
        private readonly TempFolder _folder = new();

        public Files()
        {
            using var screen = new SkiaSharp.SKBitmap(100, 90);
            screen.Erase(SkiaSharp.SKColors.SteelBlue);
            using var png = screen.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
            Image = _folder.Write("screen.png", png.ToArray());
        }

        internal OpenCuaCheckpoint Checkpoint { get; } = OpenCuaCheckpoint.Saying("pyautogui.click(42, 83)");

        public string Image { get; }

        public void Dispose()
        {
            Checkpoint.Dispose();
            _folder.Dispose();
        }
    }
}
