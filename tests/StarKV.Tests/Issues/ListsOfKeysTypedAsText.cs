using StarKV.Act;

namespace StarKV.Tests.Issues;

/// <summary>pyautogui's <c>write</c> was given a list of keys, and the list's own characters were typed.</summary>
public sealed class ListsOfKeysTypedAsText
{
    private static ParsedAnswer Parse(string call) => OpenCuaActionParser.Parse($"pyautogui.{call}", OutsideAnswers.Screen);

    [Fact]
    [Trait("outside", "1.26")]
    public void The_keys_are_pressed_in_turn() => Assert.Equal(("hotkey", null, "h i enter"), OutsideAnswers.Single(OutsideAnswers.Parse("F1d")));

    [Theory]
    [Trait("outside", "1.26")]
    [InlineData("typewrite(['a','left','Delete'])", "a left delete")]
    [InlineData("write(message=[\"H\", \"i\", \" \", \"\\n\"])", "H i space enter")]
    [InlineData("write(('a', 'b'))", "a b")]
    public void In_every_form_of_a_list(string call, string keys) => Assert.Equal(("hotkey", null, keys), OutsideAnswers.Single(Parse(call)));

    [Theory]
    [InlineData("write([first, 'enter'])")]
    [InlineData("write(['a', ['b']])")]
    [InlineData("write([])")]
    public void What_is_no_list_of_keys_is_an_error(string call)
    {
        var answer = Parse(call);

        Assert.Empty(answer.Actions);
        Assert.NotNull(answer.Reason);
    }
}
