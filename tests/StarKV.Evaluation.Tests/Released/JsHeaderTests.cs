using StarKV.Evaluation.Released;

namespace StarKV.Evaluation.Tests.Released;

public sealed class JsHeaderTests
{
    private static string Text(JsHeader header) => $"{header.Reflection ?? "-"} | {header.Thought ?? "-"} | {header.ActionText}";

    [Theory]
    [InlineData("wait()", "- | - | wait()")]
    [InlineData("Thought: I wait.\nAction: wait()", "- | I wait. |  wait()")]
    [InlineData("Thought: one\n\ntwo \n Action：wait()", "- | one\n\ntwo | wait()")]
    [InlineData("So. Thought: I wait.", "- | I wait. | So. Thought: I wait.")]
    [InlineData("Thought:I wait.\nAction: wait()", "- | - |  wait()")]
    [InlineData("Action: a()\nAction: b()", "- | - |  b()")]
    [InlineData("Reflection: It failed. \nAction_Summary: I wait. \nAction: wait()", "It failed. | I wait. |  wait()")]
    [InlineData("Reflection: It failed.\nAction: wait()", "- | - |  wait()")]
    [InlineData("Reflection: It failed.\nThought: I wait.\nAction: wait()", "- | I wait. |  wait()")]
    [InlineData("Action_Summary: I wait. \nAction: wait()", "- | I wait. |  wait()")]
    [InlineData("Action_Summary: one\ntwo\nAction: wait()", "- | - |  wait()")]
    [InlineData("So. Action_Summary: I wait.\nAction: wait()", "- | - |  wait()")]
    public void The_plain_form_has_labels(string answer, string header) => Assert.Equal(header, Text(JsHeader.Read(answer)));

    [Theory]
    [InlineData("<Thought> I wait. </Thought>\nAction_Summary: Waits. \nAction: wait() </Output>", "- | I wait.\n<Action_Summary>\nWaits. | wait()")]
    [InlineData("Action_Summary: Waits.\nAction: wait()", "- | null\n<Action_Summary>\nnull | ")] // no line begins with the summary's label
    [InlineData("<Thought>one\ntwo</Thought>\nAction: wait()</Output>", "- | null\n<Action_Summary>\nnull | wait()")]
    [InlineData("", "- | null\n<Action_Summary>\nnull | ")]
    public void The_tagged_form_says_null_for_what_is_missing(string answer, string header) => Assert.Equal(header, Text(JsHeader.ReadTagged(answer)));
}
