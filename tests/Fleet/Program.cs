using System.CommandLine;
using Collector.Tests.Fleet;

return await Commands.Root().Parse(args).InvokeAsync();
