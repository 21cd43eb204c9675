using StarKV.Decode;

namespace StarKV.Tests.Decode;

public sealed class GenerationOptionsTests
{
    private static void Refused(GenerationOptions options, string said) =>
        Assert.StartsWith(said, Assert.Throws<StarKvException>(options.Checked).Message, StringComparison.Ordinal);

    [Fact]
    public void The_bounds_themselves_are_accepted()
    {
        new GenerationOptions().Checked();
        new GenerationOptions { MaxNewTokens = 1, Temperature = 0, TopP = 1e-9, TopK = 0, RepetitionPenalty = 0.1 }.Checked();
        new GenerationOptions { MaxNewTokens = 32768, Temperature = 10, TopP = 1, TopK = int.MaxValue, RepetitionPenalty = 10, StopStrings = ["x"] }.Checked();
    }

    [Fact]
    public void Each_value_out_of_bounds_is_named()
    {
        Refused(new() { MaxNewTokens = 0 }, "max-new-tokens is 0; it must be 1 to 32768");
        Refused(new() { MaxNewTokens = 32769 }, "max-new-tokens is 32769;");
        Refused(new() { Temperature = -0.1 }, "temperature is -0.1; it must be 0 to 10");
        Refused(new() { Temperature = 10.5 }, "temperature is 10.5;");
        Refused(new() { Temperature = double.NaN }, "temperature is NaN;");
        Refused(new() { TopP = 0 }, "top-p is 0; it must be above 0, at most 1");
        Refused(new() { TopP = 1.5 }, "top-p is 1.5;");
        Refused(new() { TopK = -1 }, "top-k is -1; it must be 0 or more");
        Refused(new() { RepetitionPenalty = 0 }, "repetition-penalty is 0; it must be 0.1 to 10");
        Refused(new() { RepetitionPenalty = double.NaN }, "repetition-penalty is NaN;");
        Refused(new() { StopStrings = ["x", ""] }, "a stop string is empty");
    }
}
