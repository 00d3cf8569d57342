import { checkTable } from './check-table.ts';

const unary =
  'Relu Sigmoid Tanh Erf Elu Selu Celu LeakyRelu HardSigmoid HardSwish Softplus Softsign Exp Log Sqrt Abs Neg';

checkTable([
  ...unary.split(' ').map((opType) => [opType, ['float16[n,8,h]'], ['float16[n,8,h]']] as const),
  ...['Softmax', 'LogSoftmax', 'Hardmax'].map(
    (opType) => [opType, ['float32[2,s,s]'], ['float32[2,s,s]'], { axis: -1 }] as const,
  ),
  ...['Gelu', 'Mish'].map(
    (opType) => [opType, ['float32[2,3]'], ['float32[2,3]'], {}, 20] as const,
  ),
  ['Clip', ['float32[1,8]', 'float32=0', 'float32=6'], ['float32[1,8]']],
  ['Clip', ['float32[1,8]'], ['float32[1,8]'], { min: { float: 0 }, max: { float: 6 } }, 6],
  ['Clip', ['int64{-4,7,99}', '', 'int64=50'], ['int64[3]={-4,7,50}']],
  ['PRelu', ['float32[1,64,28,28]', 'float32[64,1,1]'], ['float32[1,64,28,28]']],

  ['Add', ['float32[1,64,28,28]', 'float32[64,1,1]'], ['float32[1,64,28,28]']],
  ['Add', ['float32[n,1,s]', 'float32[1,h,s]'], ['float32[n,h,s]']],
  ['Add', ['float32[n,4]', 'float32[3,1,4]'], ['float32[3,n,4]']],
  ['Mul', ['float32[n,4]', 'float32[7,4]'], ['float32[7,4]']],
  ['Sub', ['float32[a,4]', 'float32[b,4]'], ['float32[unk__0,4]']],
  ['Div', ['float32[]', 'float32[2,3]'], ['float32[2,3]']],
  ['Pow', ['float32[2,3]', 'int64=2'], ['float32[2,3]']],
  ['Max', ['float32[2,1]', 'float32[1,3]', 'float32[1]'], ['float32[2,3]']],
  ['Sum', ['float32[2,1]', 'float32[1,3]'], ['float32[2,3]']],
  ['Mean', ['float32[4]'], ['float32[4]']],
  ['Add', ['float32[2,3,4,5]', 'float32[3,4]'], ['float32[2,3,4,5]'], { broadcast: 1, axis: 1 }, 6],
  ['BitShift', ['uint8[4]', 'uint8[1]'], ['uint8[4]'], { direction: 'LEFT' }],
  ['Mod', ['int32[4]', 'int32=3'], ['int32[4]']],

  ['Equal', ['int64[n,1]', 'int64[1,n]'], ['bool[n,n]']],
  ['Less', ['float32[3]', 'float32=1'], ['bool[3]']],
  ['GreaterOrEqual', ['float32[3]', 'float32=1'], ['bool[3]']],
  ['And', ['bool[3]', 'bool[1]'], ['bool[3]']],
  ['Not', ['bool[n]'], ['bool[n]']],
  ['IsNaN', ['float32[n]'], ['bool[n]']],
  ['Where', ['bool[n,1]', 'float16[1,s]', 'float32=0'], ['float16[n,s]']],
  ['Cast', ['float32[n,2]'], ['int64[n,2]'], { to: 7 }],
  ['Cast', ['float32{1.9,-1.9}'], ['int64[2]={1,-1}'], { to: 7 }],
  ['Cast', ['float32[2]'], ['float16[2]'], { to: 'FLOAT16' }, 5],
  ['CastLike', ['float32[2]', 'float16[1]'], ['float16[2]']],
  ['BitCast', ['float32[2]'], ['int32[2]'], { to: 6 }, 26],

  ['Add', ['int64{1,2}', 'int64=3'], ['int64[2]={4,5}']],
  ['Div', ['int64{7,-7}', 'int64=2'], ['int64[2]={3,-3}']],
  ['Div', ['float32{7}', 'float32=2'], ['float32[1]={3.5}']],
  ['Min', ['int64{7,1}', 'int64=2'], ['int64[2]={2,1}']],
  ['Equal', ['int64{-1,3}', 'int64{-1,-1}'], ['bool[2]={1,0}']],
  ['Where', ['bool{1,0}', 'int64{5,6}', 'int64{7,8}'], ['int64[2]={5,8}']],
  ['Floor', ['float32{1.5,-1.5}'], ['float32[2]={1,-2}']],
  ['Round', ['float32{0.5,1.5,2.5}'], ['float32[3]={0,2,2}']],
]);
