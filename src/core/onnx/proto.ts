/*
 * The one place that touches the CommonJS packages: plain Node only gives them a default import. `minimal` matters, the
 * full protobufjs builds code from strings, which a strict content security policy forbids.
 */
import onnxProto from 'onnx-proto';
import protobuf from 'protobufjs/minimal.js';

export const { onnx } = onnxProto;
export const { Reader, Writer } = protobuf;
export type WireReader = InstanceType<typeof Reader>;
