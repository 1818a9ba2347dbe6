import { describe, expect, it } from "vitest";
import { bodyOf, eventOf, valueAt } from "../src/commandLine";

describe("a command line", () => {
  it("becomes the event that the CLI sends, with the options as typed", () => expect(eventOf("$ /usr/bin/localstack config validate --file=a.yml -v")).toEqual(
    { name: "cli_cmd", payload: { cmd: "localstack config validate", params: ["--file=a.yml", "-v"] } }));
  it("of lstk becomes lstk's event", () => expect(eventOf("lstk aws s3 ls --profile jane")).toEqual(
    { name: "lstk_command", payload: { parameters: { command: "aws", subcommand: "s3 ls", flags: ["--profile"] } } }));
  it("of another program is undefined", () => expect(eventOf("rm -rf /")).toBeUndefined());
});

describe("pasted text", () => {
  it("is sent unchanged when it is JSON", () => expect(bodyOf(' {"name": "cli_cmd"} ')).toBe('{"name": "cli_cmd"}'));
  it("becomes a request when it is a list of events", () => expect(JSON.parse(bodyOf('[{"name":"a"}]'))).toEqual({ events: [{ name: "a" }] }));
  it.each([["", "first"], ["{", "not JSON"], ["terraform apply", "neither"]])("is refused when it is %j", (typed, said) => expect(() => bodyOf(typed)).toThrow(said));
});

describe("a rule's path", () => {
  const event = { payload: { api_calls: [{ service: "s3" }, { service: "sqs" }], "a.b": 1 } };
  it("finds a value", () => expect(valueAt(event, "payload.api_calls[].service", 1)).toBe("sqs"));
  it("finds nothing when there is no value", () => expect([valueAt(event, "payload.api_calls[].service", 7), valueAt(event, "payload.*", undefined), valueAt("x", "payload", undefined)])
    .toEqual([undefined, undefined, undefined]));
  it("does not find inherited properties", () => expect(valueAt(event, "payload.constructor", undefined)).toBeUndefined());
});
