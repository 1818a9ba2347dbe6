using Amazon.Lambda.APIGatewayEvents;
using Amazon.Lambda.Core;

namespace Collector.Observability;

/// <summary>
/// What every handler runs in, whether the API, a stream or a schedule starts it: it reads the event, runs the handler, writes the answer
/// and the invocation's log line. An exception ends here. The log gets its type and stack trace and Lambda one line, never its message,
/// which may quote the event (I1). This does not rely on the Lambda runtime, which reports and logs whatever a handler throws.
/// </summary>
internal sealed class HandlerWrapper(InvocationLog log)
{
    /// <param name="handle">The handler.</param>
    /// <param name="serializer">Knows both types.</param>
    /// <param name="answerUnreadable">
    /// The answer for an event that cannot be read; null if there is none, and the invocation fails.
    /// </param>
    public Func<Stream, ILambdaContext, Task<Stream>> Wrap<TEvent, TAnswer>(
        Func<TEvent, ILambdaContext, Task<TAnswer>> handle, ILambdaSerializer serializer, Func<TAnswer>? answerUnreadable = null) =>
        Wrap(async (input, context) =>
        {
            var answer = Read<TEvent>(input, serializer, out var unreadable) is { } read
                ? await handle(read, context)
                : AnswerOrThrow(answerUnreadable, unreadable!, context);
            if (InvocationReport.Current is { } report && answer is APIGatewayProxyResponse response) report.Status = response.StatusCode;
            var output = new MemoryStream();
            serializer.Serialize(answer, output);
            output.Position = 0;
            return output;
        });

    /// <summary>A handler that reads its event, and writes its answer, itself.</summary>
    public Func<Stream, ILambdaContext, Task<Stream>> Wrap(Func<Stream, ILambdaContext, Task<Stream>> handle) => async (input, context) =>
    {
        try
        {
            return await log.Observe(context, () => handle(input, context));
        }
#pragma warning disable CA1031 // Every exception: none may reach the runtime as it is.
        catch (Exception e)
#pragma warning restore CA1031
        {
            context.Logger.LogError(Failure.Describe(e));
            throw new FailedInvocationException(Failure.Summarise(e));
        }
    };

    private static TEvent? Read<TEvent>(Stream input, ILambdaSerializer serializer, out UnreadableEventException? unreadable)
    {
        try
        {
            var read = serializer.Deserialize<TEvent>(input);
            unreadable = read is null ? new UnreadableEventException(typeof(TEvent), null) : null;
            return read;
        }
#pragma warning disable CA1031 // Whatever a serializer throws, the event is what it could not read.
        catch (Exception e)
#pragma warning restore CA1031
        {
            unreadable = new UnreadableEventException(typeof(TEvent), e);
            return default;
        }
    }

    private static TAnswer AnswerOrThrow<TAnswer>(Func<TAnswer>? answer, UnreadableEventException unreadable, ILambdaContext context)
    {
        if (answer is null) throw unreadable;
        context.Logger.LogError(unreadable.Message);
        return answer();
    }
}
