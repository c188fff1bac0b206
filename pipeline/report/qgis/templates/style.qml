<!DOCTYPE qgis>
<qgis version="3.22.0" styleCategories="AllStyleCategories" readOnly="0"
    hasScaleBasedVisibilityFlag="{{ 1 if closer_than else 0 }}" minScale="{{ closer_than or no_limit }}" maxScale="0">
{% include "style_body.qml" %}
  <layerGeometryType>2</layerGeometryType>
</qgis>
