using System.CommandLine;

var root = new RootCommand("Makes every node of a Kubernetes cluster an audited node.");
return await root.Parse(args).InvokeAsync();
