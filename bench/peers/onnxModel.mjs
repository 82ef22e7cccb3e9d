/** Just enough of ONNX's ModelProto [onnx.proto], in protobuf's wire format, for graphs of a few nodes. */

/** Seven bits a byte, least first, the top bit says that more follow. Negative numbers as 64 bits. */
function varint(n) {
  let rest = BigInt.asUintN(64, BigInt(n));
  const bytes = [];
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const integer = (field, value) => Buffer.concat([varint(field << 3), varint(value)]);

const float = (field, value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), bytes]);
};

const bytes = (field, value) => {
  const content = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
};

const message = (field, parts) => bytes(field, Buffer.concat(parts));

/** AttributeProto: name 1, f 2, i 3, s 4, ints 8, type 20 (FLOAT 1, INT 2, STRING 3, INTS 7). */
function attribute([name, value]) {
  if (Array.isArray(value)) return [bytes(1, name), ...value.map((v) => integer(8, v)), integer(20, 7)];
  if (typeof value === 'string') return [bytes(1, name), bytes(4, value), integer(20, 3)];
  if (Number.isInteger(value)) return [bytes(1, name), integer(3, value), integer(20, 2)];
  return [bytes(1, name), float(2, value), integer(20, 1)];
}

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
const nodeProto = ([op, inputs, output, attributes = {}]) => [
  ...inputs.map((name) => bytes(1, name)),
  bytes(2, output),
  bytes(4, op),
  ...Object.entries(attributes).map((entry) => message(5, attribute(entry))),
];

/** ValueInfoProto of a float tensor: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1 } } } } */
const valueInfo = ([name, shape]) => [
  bytes(1, name),
  message(2, [
    message(1, [
      integer(1, 1),
      message(
        2,
        shape.map((d) => message(1, [integer(1, d)])),
      ),
    ]),
  ]),
];

/** TensorProto of one float without axes: data_type 2, float_data 4, name 8. */
const scalar = ([name, value]) => [integer(2, 1), float(4, value), bytes(8, name)];

/**
 * The bytes of a model, opset 20.
 *
 * @param nodes [op, names of the inputs, name of the output, attributes]
 * @param inputs [name, shape], @param output [name, shape], @param scalars [name, value] of constants
 */
export function onnxModel(nodes, inputs, output, scalars = []) {
  // GraphProto: node 1, name 2, initializer 5, input 11, output 12.
  const graph = [
    ...nodes.map((node) => message(1, nodeProto(node))),
    bytes(2, 'graph'),
    ...scalars.map((entry) => message(5, scalar(entry))),
    ...inputs.map((entry) => message(11, valueInfo(entry))),
    message(12, valueInfo(output)),
  ];
  // ModelProto: ir_version 1, graph 7, opset_import 8 { domain 1, version 2 }.
  return new Uint8Array(
    Buffer.concat([integer(1, 9), message(7, graph), message(8, [bytes(1, ''), integer(2, 20)])]),
  );
}
