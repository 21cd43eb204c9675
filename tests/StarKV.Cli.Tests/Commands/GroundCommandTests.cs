using System.Buffers.Binary;
using System.Text;
using StarKV.Input;
using StarKV.Score;
using StarKV.Text;

namespace StarKV.Cli.Tests.Commands;

public sealed class GroundCommandTests : IDisposable
{
    private static readonly string s_model = RepositoryFiles.Path("models", "mini");
    private static readonly MiniSample s_sample = MiniSample.Of("text_2");
    private static readonly string s_image = s_sample.Files()[0];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Runs <c>ground</c> with a right model, image and instruction, unless they are given.</summary>
    private static Task<CommandRun> Ground(params string[] more)
    {
        List<string> arguments = ["ground", .. more];
        foreach (var (name, value) in new[] { ("--device", "cpu"), ("--model", s_model), ("--image", s_image), ("--instruction", s_sample.Instruction) })
        {
            if (!more.Contains(name))
                arguments.AddRange([name, value]);
        }

        return CommandRun.Of([.. arguments]);
    }

    [Fact]
    public async Task One_screenshot_gives_an_action()
    {
        var run = await Ground("--method", "full");
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Contains(s_sample.FullAnswer, run.Out, StringComparison.Ordinal);
        Assert.Contains($"{s_sample.PromptTokens} of {s_sample.PromptTokens} tokens", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("starkv: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_draft_is_shown_with_what_it_took()
    {
        var run = await Ground("--method", "laq", "--set", "draft=3", "--keep", "10%");
        Assert.Matches("draft +3 tokens, .* of KV held when it was written", run.Out);
        Assert.Matches(@"selection .* ms, draft .* ms\), decode", run.Out);
        var json = (await Ground("--method", "laq", "--keep", "10%", "--json")).Json;
        var (draft, kv, times) = (json.GetProperty("draft"), json.GetProperty("kv"), json.GetProperty("milliseconds"));
        Assert.Equal(8, draft.GetProperty("tokens").GetInt32());
        Assert.True(draft.GetProperty("heldBytes").GetInt64() > kv.GetProperty("fullBytes").GetInt64());
        Assert.InRange(draft.GetProperty("milliseconds").GetDouble(), 0.001, times.GetProperty("prefill").GetDouble());
        Assert.False((await Ground("--method", "snapkv", "--json")).Json.TryGetProperty("draft", out _));
    }

    [Fact]
    public async Task Two_screenshots_are_a_history_and_the_result_is_json_with_an_overlay()
    {
        var (overlay, sample) = (_folder.File("kept.png"), MiniSample.Of("multi_step_instruction_first_1"));
        var run = await Ground(
            ["--image", .. sample.Files(), "--past-action", .. sample.PastActions(), "--instruction", sample.Instruction,
            "--keep", "40%", "--set", "preset=reference", "--json", "--overlay", overlay]);
        Assert.Equal(ExitCodes.Success, run.ExitCode);
        Assert.Equal("star-kv", run.Json.GetProperty("method").GetString());
        Assert.Equal("40%", run.Json.GetProperty("keep").GetString());
        Assert.Equal("click", run.Json.GetProperty("action").GetProperty("name").GetString());
        Assert.Equal(2, run.Json.GetProperty("action").GetProperty("point").GetArrayLength());
        var kv = run.Json.GetProperty("kv");
        var rows = kv.GetProperty("promptTokens").GetInt32() * 2 / 5;
        Assert.All(kv.GetProperty("rowsPerLayer").EnumerateArray(), r => Assert.Equal(rows, r.GetInt32()));
        Assert.Equal(rows * 8L * 2 * 2 * 64 * 4, kv.GetProperty("bytes").GetInt64());
        Assert.InRange(Screenshot.Load(overlay).Width, 480, 10_000);
    }

    [Fact]
    public async Task An_answer_without_an_action_is_told_by_the_exit_code()
    {
        var run = await Ground("--max-new-tokens", "1", "--json");
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.False(run.Json.TryGetProperty("action", out _));
        Assert.Equal("length", run.Json.GetProperty("finish").GetString());
    }

    [Fact]
    public async Task An_unknown_method_lists_the_known_ones() =>
        (await Ground("--method", "snap")).Refused(["'snap'", .. Methods.All.Select(m => m.Name)]);

    [Theory]
    [InlineData("0%", "0 %")]
    [InlineData("101%", "101 %")]
    [InlineData("much", "'much'")]
    public async Task A_wrong_budget(string keep, string said) => (await Ground("--keep", keep)).Refused(said, "keep");

    [Theory]
    [InlineData("window", "name=value")]
    [InlineData("window=0", "option window is 0; it must be 1 to 256")]
    [InlineData("windows=8", "'windows'")]
    public async Task A_wrong_option_of_the_method(string set, string said) => (await Ground("--set", set)).Refused(said);

    [Theory]
    [InlineData("text", "--protect text is unknown; it must be system, instruction, answers or box:X,Y,WIDTH,HEIGHT.")]
    [InlineData("box:1,2,3", "--protect box:1,2,3 is no box; write box:X,Y,WIDTH,HEIGHT in whole pixels")]
    [InlineData("box:1,2,3,4,5", "is no box")]
    [InlineData("box:0.1,0.2,0.3,0.4", "is no box")]
    [InlineData("box:0,0,0,10", "does not lie inside")]
    [InlineData("box:-1,0,10,10", "does not lie inside")]
    [InlineData("box:300,0,2147483647,10", "does not lie inside the newest screenshot, which is 448×448 pixels")]
    public async Task A_wrong_part_to_protect(string part, string said) => (await Ground("--protect", part)).Refused(said);

    [Fact]
    public async Task Earlier_answers_may_be_protected()
    {
        var protectedTokens = QwenTokenizer.LoadFolder(s_model).Encode("<|im_start|>assistant\nAction: wait()<|im_end|>\n", controlTokens: true).Length;
        (await Ground("--past-action", "Action: wait()", "--protect", "answers", "--keep", "2t", "--method", "snapkv"))
            .Refused(FormattableString.Invariant($"{protectedTokens} protected tokens and a window of 8 do not fit into the 2"));
    }

    [Fact]
    public async Task Protection_that_does_not_fit_says_how_much_is_wanted() =>
        (await Ground("--protect", "box:0,0,448,364", "--keep", "20%")).Refused("208 protected tokens and a window of 8 do not fit into the 56 tokens", "Keep more or protect less");

    [Fact]
    public async Task A_wrong_interval_of_the_answer()
    {
        (await Ground("--answer-interval", "0")).Refused("answer-interval is 0 tokens; it must be 1 or more");
        (await Ground("--answer-interval", "often")).Refused("often");
    }

    [Fact]
    public async Task Protected_parts_and_an_interval_leave_the_budget_as_it_is()
    {
        var overlay = _folder.File("kept.png");
        var run = await Ground("--protect", "system", "instruction", "box:190,160,40,30", "--answer-interval", "4", "--method", "random", "--json", "--overlay", overlay);
        Assert.Equal("random", run.Json.GetProperty("method").GetString());
        Assert.All(run.Json.GetProperty("kv").GetProperty("rowsPerLayer").EnumerateArray(), r => Assert.Equal(56, r.GetInt32()));
        Assert.True(File.Exists(overlay));
    }

    [Fact]
    public async Task Wrong_lengths_and_temperatures()
    {
        (await Ground("--max-new-tokens", "0")).Refused("max-new-tokens is 0");
        (await Ground("--temperature", "-1")).Refused("temperature is -1");
        (await Ground("--max-new-tokens", "many")).Refused("many");
    }

    [Fact]
    public async Task An_unknown_prompt_or_device()
    {
        (await Ground("--prompt", "none")).Refused("\"none\"", "uitars.grounding");
        (await Ground("--device", "gpu")).Refused("'gpu'");
    }

    [Fact]
    public async Task A_missing_model_folder() => (await Ground("--model", _folder.File("none"))).Refused(_folder.File("none"));

    [Fact]
    public async Task A_folder_without_a_model() => (await Ground("--model", _folder.Path)).Refused(_folder.Path, "config.json");

    [Fact]
    public async Task A_missing_shard()
    {
        _folder.Copy("models", "mini", "config.json");
        _folder.Write("model.safetensors.index.json", Encoding.UTF8.GetBytes("""{"weight_map":{"lm_head.weight":"model-00001-of-00001.safetensors"}}"""));
        (await Ground("--model", _folder.Path)).Refused("shard 1 of 1 is missing", "model-00001-of-00001.safetensors");
    }

    [Fact]
    public async Task Truncated_weights()
    {
        _folder.Copy("models", "mini", "config.json");
        var weights = File.ReadAllBytes(Path.Combine(s_model, "model.safetensors"));
        var path = _folder.Write("model.safetensors", weights[..(weights.Length / 2)]);
        (await Ground("--model", _folder.Path)).Refused(path);
    }

    [Fact]
    public async Task A_model_without_its_tokenizer()
    {
        _folder.Copy("models", "mini", "config.json");
        _folder.Copy("models", "mini", "model.safetensors");
        (await Ground("--model", _folder.Path)).Refused("tokenizer.json");
    }

    [Fact]
    public async Task No_screenshot()
    {
        (await CommandRun.Of("ground", "--model", s_model, "--instruction", "Click")).Refused("no screenshot", "--image");
        (await Ground("--image", _folder.File("none.png"))).Refused("none.png", "does not exist");
    }

    [Fact]
    public async Task A_text_file_named_png() =>
        (await Ground("--image", _folder.Write("text.png", Encoding.UTF8.GetBytes("This is no picture.")))).Refused("/text.png'");

    [Fact]
    public async Task A_screenshot_beyond_the_limit_is_refused_by_its_header()
    {
        var header = new byte[33];
        new byte[] { 0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R' }.CopyTo(header, 0);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(16), 30_000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(20), 30_000);
        (header[24], header[25]) = (8, 2);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(29), Crc(header.AsSpan(12, 17)));
        (await Ground("--image", _folder.Write("cut.png", header))).Refused("/cut.png'", "header");
        // The decoder reads as far as the first chunk of pixels, of which there are none.
        byte[] pixels = [0, 0, 0, 0, .. "IDAT"u8, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(pixels.AsSpan(8), Crc("IDAT"u8));
        (await Ground("--image", _folder.Write("huge.png", [.. header, .. pixels]))).Refused("/huge.png'", "30000×30000", "64 MP");
    }

    [Fact]
    public async Task A_blank_instruction() => (await Ground("--instruction", " ")).Refused("instruction is empty");

    [Fact]
    public async Task An_unknown_option() => (await Ground("--bogus")).Refused("--bogus");

    [Fact]
    public async Task A_required_option_that_is_missing() =>
        (await CommandRun.Of("ground", "--image", s_image, "--instruction", "Click")).Refused("--model");

    [Fact]
    public async Task An_overlay_that_cannot_be_written() =>
        (await Ground("--max-new-tokens", "2", "--overlay", Path.Combine(_folder.Write("file", ""), "kept.png"))).Refused("kept.png", "is a file, not a folder");

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }

        return ~crc;
    }
}
