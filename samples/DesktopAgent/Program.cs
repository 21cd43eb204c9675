using DesktopAgent;
using Microsoft.Extensions.AI;
using StarKV;
using StarKV.Extensions.AI;

using var agent = GuiAgent.Load("models/mini");
using IChatClient client = new StarKvChatClient(agent);

var desktop = new RecordedDesktop("tests/vectors/mini/multi_step_instruction_first_0_{0}.png", screens: 3);
var options = new ChatOptions().WithNewConversation().WithMethod("star-kv").WithKeep("40%").WithPosition("first");
List<AIContent> news = [new TextContent("Close the message, click the info icon, then type the \"Select\" value into \"Limits\"")];
while (desktop.Screen() is { } png)
{
    // The first message has the task, the others only what is new: the client keeps the conversation.
    news.Add(new DataContent(png, "image/png"));
    var response = await client.GetResponseAsync(new ChatMessage(ChatRole.User, news), options);
    (options.ConversationId, news) = (response.ConversationId, []);

    Console.WriteLine($"{response.Text}  ({response.Usage!.CachedInputTokenCount} of {response.Usage.InputTokenCount} tokens were known)");
    if (!response.TryGetGroundingAnswer(out var answer) || answer.Action is not { } action || action.Name == "finished")
        break;
    desktop.Perform(action, answer.Point);
}
