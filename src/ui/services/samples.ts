/** A model that comes with the page. All have random weights: only their structure is that of the real network. */
export interface Sample {
  readonly id: string;
  readonly label: string;
  readonly help: string;
}

/** The first one greets. */
export const SAMPLES: readonly Sample[] = [
  {
    id: 'resnet18.convs',
    label: 'ResNet-18, Q/DQ on convolutions',
    help: 'the usual first try: shortcuts stay float',
  },
  {
    id: 'resnet18.short',
    label: 'ResNet-18, Q/DQ on shortcuts too',
    help: 'the residual adds fuse in INT8',
  },
  {
    id: 'yolov5n.convs',
    label: 'YOLOv5n, Q/DQ on convolutions',
    help: 'SiLU, Concat and Resize between convolutions',
  },
  {
    id: 'concat_unequal',
    label: 'Concat of unequal scales',
    help: 'a small graph that requantizes',
  },
];

/** Where the file of a sample lies, relative to the page. */
export const sampleUrl = (id: string): string => `samples/${id}.onnx.gz`;
